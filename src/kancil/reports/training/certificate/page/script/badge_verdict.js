/* What can be said of a certificate that was read, as Kancil's training/badges/verdict.py says it. */

/* `typed`: the fingerprint from another channel, or empty; `lists`: those by the same key. */
export function judge(read, typed, lists, now) {
  const newest = lists.reduce((a, b) => (a === null || b.number > a.number ? b : a), null);
  const revoked = lists
    .flatMap((each) => each.revoked)
    .find((each) => each.id === read.fields.id);
  const params = { issuer: read.fields.issuer, key: read.fingerprint, on: revoked?.on };
  const listed = newest
    ? ["list-named", { number: newest.number, on: newest.made_at.slice(0, 10) }]
    : ["list-none", {}];
  const said = (verdict, code) => ({ verdict, code, params, listed });
  if (revoked) return { ...said("not-intact", "revoked"), reason: `reason-${revoked.reason}` };
  if (typed && typed !== read.fingerprint) return said("not-intact", "key-other");
  if (Date.parse(read.fields.issued) > now) {
    return { ...said("unchanged", "future"), params: { on: read.fields.issued.slice(0, 10) } };
  }
  return typed ? said("confirmed", "good") : said("unchanged", "key-not-compared");
}
