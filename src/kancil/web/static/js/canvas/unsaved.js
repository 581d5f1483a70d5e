// A picture that nobody saved stays in this window's sessionStorage under whoever drew it, beside the
// drafts of forms (`drafts.js`, which also forgets it when they sign out or another signs in).

export class Unsaved {
  constructor(person) {
    this.key = `kancil.draft:${person ?? ''}:${location.pathname}:picture`;
    this.askBeforeClosing();
  }

  /** A closed window takes the picture along. Who follows a link or sends a form finds it here again. */
  askBeforeClosing() {
    let isLed = false;
    document.addEventListener('click', (event) => { isLed = Boolean(event.target.closest('a[href]')); });
    document.addEventListener('submit', () => { isLed = true; });
    window.addEventListener('beforeunload', (event) => {
      const canAsk = navigator.userActivation?.hasBeenActive ?? true;
      if (canAsk && !isLed && this.read() !== null) event.preventDefault();
    });
  }

  /** What was kept: `view`, and `at`, the moment; null: nothing. */
  read() {
    const kept = sessionStorage.getItem(this.key);
    return kept === null ? null : Object.fromEntries(JSON.parse(kept));
  }

  keep(view) {
    try {
      sessionStorage.setItem(this.key, JSON.stringify([['view', view], ['at', new Date().toISOString()]]));
    } catch (fault) {
      console.warn('picture not kept', fault.name);
    }
  }

  forget() {
    sessionStorage.removeItem(this.key);
  }
}
