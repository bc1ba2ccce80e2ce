// Where does the keyboard go? The panes in the order of F6, and the places that a click leads to.

import type { Span } from '../engine/document';
import type { Session } from '../session.svelte';
import type { Editor } from './editing';

const element = (selector: string) => document.querySelector<HTMLElement>(selector);

export class Desk {
  token: Editor | undefined;
  settings: Editor | undefined;

  constructor(readonly session: Session) {}

  /** The panes, each with how to enter it and how to know that the keyboard is in it. */
  readonly #panes: { within: string; enter: () => void }[] = [
    { within: '.token-pane', enter: () => this.token?.focus() },
    { within: '.settings-pane', enter: () => this.settings?.focus() },
    { within: '.login-pane', enter: () => element('#user')?.focus() },
    { within: '#verdict', enter: () => this.verdict() },
    { within: '#checks', enter: () => element('#checks button')?.focus() },
  ];

  verdict(): void {
    const verdict = element('#verdict');
    verdict?.focus({ preventScroll: true });
    verdict?.scrollIntoView({ block: 'start' });
  }

  /** Goes to a place in the settings; where they leave it out, to the settings. */
  goto(place: Span | null): void {
    this.settings?.focus(place?.from);
  }

  keys(event: KeyboardEvent): void {
    if (event.key === 'F6') {
      event.preventDefault();
      this.#next(event.shiftKey ? -1 : 1);
    } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.stopPropagation();
      this.verdict();
    } else if (event.key === 'Escape' && !element('dialog[open]') && this.session.chosen) {
      this.session.chosen = null;
    }
  }

  #next(step: 1 | -1): void {
    const at = this.#panes.findIndex(({ within }) => document.activeElement?.closest(within));
    const from = at < 0 && step < 0 ? 0 : at;
    this.#panes.at((from + step) % this.#panes.length)?.enter();
  }
}
