/* SHA-256 of a file, piece by piece, beside the page. A module worker:

     const worker = new Worker(url, {type: 'module'});
     worker.postMessage({ask: 'hash', name: 'any', file});        a File or Blob
     worker.postMessage({ask: 'stop', name: 'any'});

   It answers `{name, say: 'progress', done, size}`, then one of `{name, say: 'digest', hex, size}`,
   `{name, say: 'stopped'}`, `{name, say: 'failed', fault}`. A file that changes while it is read
   fails; it is never given a digest. Several may run at once. */
import {sha256} from '../vendor/noble-hashes/sha256.js';
import {bytesToHex} from '../vendor/noble-hashes/utils.js';

const PIECE = 4 * 1024 * 1024;
const PAUSE_MS = 100;
const stopped = new Set();

const hash = async (name, file) => {
  const size = file.size;
  const running = sha256.create();
  let said = -PAUSE_MS;
  for (let done = 0; done < size;) {
    const piece = new Uint8Array(await file.slice(done, Math.min(done + PIECE, size)).arrayBuffer());
    if (piece.length === 0) throw new Error('the file became shorter while it was read');
    running.update(piece);
    done += piece.length;
    if (stopped.delete(name)) return {name, say: 'stopped'};
    if (performance.now() - said >= PAUSE_MS || done === size) {
      said = performance.now();
      postMessage({name, say: 'progress', done, size});
    }
  }
  return {name, say: 'digest', hex: bytesToHex(running.digest()), size};
};

addEventListener('message', async ({data: {ask, name, file}}) => {
  if (ask === 'stop') {
    stopped.add(name);
    return;
  }
  stopped.delete(name);
  try {
    postMessage(await hash(name, file));
  } catch (fault) {
    postMessage({name, say: 'failed', fault: fault.name});
  }
});
