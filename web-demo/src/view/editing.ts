// The two editors. Each lives in a shadow root, so that its styles are constructed sheets: the page's policy allows no
// style elements.

import { defaultKeymap, history, historyKeymap, isolateHistory } from '@codemirror/commands';
import { HighlightStyle, StreamLanguage, syntaxHighlighting, type StringStream } from '@codemirror/language';
import { lintKeymap, setDiagnostics, type Diagnostic } from '@codemirror/lint';
import { Annotation, Compartment, EditorState, StateEffect, StateField, type Extension, type Transaction } from '@codemirror/state';
import {
  Decoration,
  EditorView,
  MatchDecorator,
  ViewPlugin,
  WidgetType,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  placeholder,
  type DecorationSet,
  type ViewUpdate,
} from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { Change } from '../inputs';
import { partRange, type Range } from '../logic/parts';
import { RUN, shortened } from '../logic/text';

export type Kind = 'token' | 'settings';

const outside = Annotation.define<boolean>();
const setMarks = StateEffect.define<Range[]>();

const marks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(value, transaction) {
    let next = value.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(setMarks)) continue;
      const length = transaction.state.doc.length;
      const ranges = effect.value.filter((range) => range.from < range.to && range.to <= length);
      next = Decoration.set(ranges.map((range) => Decoration.mark({ class: 'cm-marked' }).range(range.from, range.to)), true);
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** The three parts of a token, each in its own colour. */
const parts = StateField.define<DecorationSet>({
  create: (state) => partsOf(state),
  update: (value, transaction) => (transaction.docChanged ? partsOf(transaction.state) : value),
  provide: (field) => EditorView.decorations.from(field),
});

function partsOf(state: EditorState): DecorationSet {
  const text = state.doc.toString();
  const found = (['header', 'payload', 'signature'] as const).flatMap((part) => {
    const range = partRange(text, part);
    return range && range.from < range.to ? [Decoration.mark({ class: `cm-${part}` }).range(range.from, range.to)] : [];
  });
  return Decoration.set(found, true);
}

/** Long runs of base64 shown short, so that a key set can be read; the text itself stays as it is. */
class Shortened extends WidgetType {
  constructor(readonly text: string) {
    super();
  }
  override eq(other: Shortened): boolean {
    return other.text === this.text;
  }
  override toDOM(): HTMLElement {
    const element = document.createElement('span');
    element.className = 'cm-shortened';
    element.textContent = shortened(this.text);
    element.title = `${this.text.length} characters, shown short`;
    return element;
  }
}

const decorator = new MatchDecorator({
  regexp: RUN,
  decoration: (match) => Decoration.replace({ widget: new Shortened(match[0]) }),
});

const shortening = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = decorator.createDeco(view);
    }
    update(update: ViewUpdate): void {
      this.decorations = decorator.updateDeco(update, this.decorations);
    }
  },
  {
    decorations: (plugin) => plugin.decorations,
    provide: (plugin) => EditorView.atomicRanges.of((view) => view.plugin(plugin)?.decorations ?? Decoration.none),
  },
);

interface Lexer {
  until: string | null;
}

/** Enough of SQL and JSON to tell names, words, texts and comments apart. */
const language = StreamLanguage.define<Lexer>({
  startState: () => ({ until: null }),
  copyState: (state) => ({ ...state }),
  token(stream, state) {
    if (state.until) return inside(stream, state);
    if (stream.eatSpace()) return null;
    if (stream.match(/^--\s*sqljwt:/)) return 'meta';
    if (stream.match('--')) {
      stream.skipToEnd();
      return 'comment';
    }
    if (stream.match(/^"(?:[^"\\]|\\.)*"(?=\s*:)/)) return 'propertyName';
    if (stream.match(/^"(?:[^"\\]|\\.)*"?/)) return 'string';
    if (stream.match('/*')) return (state.until = '*/'), inside(stream, state);
    if (stream.match('$$')) return (state.until = '$$'), inside(stream, state);
    if (stream.match(/^e?'/i)) return (state.until = "'"), inside(stream, state);
    if (stream.match(/^(?:set|reset|cluster|setting|to|on|off|default)\b(?!\.)/i)) return 'keyword';
    if (stream.match(/^(?:true|false|null)\b/i)) return 'bool';
    if (stream.match(/^(?:server|security|engine|sql)\.[\w.]+/)) return 'propertyName';
    if (stream.match(/^-?\d[\d.]*/)) return 'number';
    if (!stream.match(/^\w+/)) stream.next();
    return null;
  },
});

function inside(stream: StringStream, state: Lexer): string {
  const end = state.until as string;
  while (!stream.eol()) {
    if (stream.match(end)) {
      if (end === "'" && stream.peek() === "'") {
        stream.next();
        continue;
      }
      state.until = null;
      break;
    }
    stream.next();
  }
  return end === '*/' ? 'comment' : 'string';
}

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--faint)' },
  { tag: tags.propertyName, color: 'var(--name)' },
  { tag: tags.string, color: 'var(--text)' },
  { tag: [tags.bool, tags.number], color: 'var(--value)' },
  { tag: tags.comment, color: 'var(--faint)', fontStyle: 'italic' },
  { tag: tags.meta, color: 'var(--faint)' },
]);

const theme = EditorView.theme({
  '&': { height: '100%', color: 'var(--text)', backgroundColor: 'transparent', fontSize: '13px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.6', overflow: 'auto' },
  '.cm-content': { padding: '10px 0', caretColor: 'var(--text)', direction: 'ltr', unicodeBidi: 'isolate' },
  '.cm-line': { padding: '0 14px 0 8px', overflowWrap: 'anywhere', unicodeBidi: 'plaintext' },
  '.cm-gutters': { backgroundColor: 'transparent', border: 'none', color: 'var(--faint)', fontSize: '11.5px' },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '30px', padding: '0 4px 0 8px' },
  '.cm-header': { color: 'var(--header)' },
  '.cm-payload': { color: 'var(--payload)' },
  '.cm-signature': { color: 'var(--signature)' },
  '.cm-marked': { backgroundColor: 'var(--mark)', boxShadow: '0 0 0 1px var(--mark-edge)', borderRadius: '2px' },
  '.cm-shortened': { color: 'var(--faint)', borderBottom: '1px dotted var(--line-strong)' },
  '.cm-specialChar': { color: 'var(--reject)', fontWeight: '700' },
  '.cm-placeholder': { color: 'var(--faint)', whiteSpace: 'pre-wrap' },
  '.cm-tooltip': {
    backgroundColor: 'var(--panel)',
    border: '1px solid var(--line-strong)',
    borderRadius: '8px',
    color: 'var(--text)',
    fontFamily: 'var(--sans)',
    maxWidth: '46ch',
    overflow: 'hidden',
  },
  '.cm-diagnostic': { padding: '8px 12px', borderLeft: '3px solid var(--reject)' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--reject) 1.2px',
    textUnderlineOffset: '4px',
  },
});

const token: Extension = [parts, EditorView.contentAttributes.of({ spellcheck: 'false' }), theme];
const settings: Extension = [lineNumbers(), language, syntaxHighlighting(colours), shortening, theme];

export interface Options {
  host: HTMLElement;
  kind: Kind;
  label: string;
  hint: string;
  text: string;
  changed: (text: string, change: Change) => void;
}

function changeOf(transactions: readonly Transaction[]): Change {
  if (transactions.some((transaction) => transaction.isUserEvent('undo'))) return 'undo';
  return transactions.some(replacing) ? 'replace' : 'edit';
}

/** Whether somebody's text takes the place of everything that stood there, by typing, pasting or dropping. */
function replacing(transaction: Transaction): boolean {
  if (!['input.type', 'input.paste', 'input.drop'].some((event) => transaction.isUserEvent(event))) return false;
  const { doc, selection } = transaction.startState;
  // A browser may report less than was selected, where the new text begins or ends like the old one.
  const gone: Range[] = [{ from: selection.main.from, to: selection.main.to }];
  transaction.changes.iterChanges((from, to) => gone.push({ from, to }));
  const left = gone.sort((a, b) => a.from - b.from).reduce(
    ({ text, at }, { from, to }) => ({ text: text + doc.sliceString(at, Math.max(at, from)), at: Math.max(at, to) }),
    { text: '', at: 0 },
  );
  return transaction.newDoc.length > 0 && (left.text + doc.sliceString(left.at)).trim() === '';
}

/** A file that is dropped takes the place of the text: inside it, it would be neither the one nor the other. */
function drop(event: DragEvent, view: EditorView): boolean {
  const file = event.dataTransfer?.files[0];
  if (!file) return false;
  event.preventDefault();
  void file.text().then((insert) => {
    const changes = { from: 0, to: view.state.doc.length, insert };
    view.dispatch({ changes, userEvent: 'input.drop', selection: { anchor: 0 }, scrollIntoView: true });
    view.focus();
  });
  return true;
}

export class Editor {
  readonly #view: EditorView;
  readonly #text = new Compartment();

  constructor(options: Options) {
    const root = options.host.attachShadow({ mode: 'open' });
    this.#view = new EditorView({
      parent: root,
      root,
      state: EditorState.create({
        doc: options.text,
        extensions: [
          history(),
          keymap.of([...defaultKeymap, ...historyKeymap, ...lintKeymap]),
          highlightSpecialChars({ addSpecialChars: /[\u0600-\u0605\u061c\u2028\u2029\u2060-\u206f\u3164\ufe00-\ufe0f]/g }),
          EditorView.lineWrapping,
          placeholder(options.hint),
          EditorView.contentAttributes.of({ 'aria-label': options.label, autocapitalize: 'off', translate: 'no', tabindex: '0' }),
          this.#text.of(options.kind === 'token' ? token : settings),
          marks,
          EditorView.updateListener.of((update) => {
            const ours = update.transactions.some((transaction) => transaction.annotation(outside));
            if (update.docChanged && !ours) options.changed(update.state.doc.toString(), changeOf(update.transactions));
          }),
          EditorView.domEventHandlers({ drop }),
        ],
      }),
    });
  }

  /** Shows another text, unless it is the one that stands there. */
  show(text: string): void {
    const doc = this.#view.state.doc;
    if (doc.length === text.length && doc.toString() === text) return;
    this.#view.dispatch({
      changes: { from: 0, to: doc.length, insert: text },
      // A step of its own on the way back, however soon after another.
      annotations: [outside.of(true), isolateHistory.of('full')],
      selection: { anchor: 0 },
      scrollIntoView: true,
    });
  }

  mark(ranges: Range[], reveal: boolean): void {
    const length = this.#view.state.doc.length;
    const first = ranges.find((range) => range.to <= length);
    const effects: StateEffect<unknown>[] = [setMarks.of(ranges)];
    if (reveal && first) effects.push(EditorView.scrollIntoView(first.from, { y: 'nearest', yMargin: 40 }));
    this.#view.dispatch({ effects });
  }

  underline(diagnostics: Diagnostic[]): void {
    const length = this.#view.state.doc.length;
    const inside = diagnostics.filter((diagnostic) => diagnostic.to <= length);
    this.#view.dispatch(setDiagnostics(this.#view.state, inside));
  }

  focus(at?: number): void {
    if (at !== undefined) {
      const anchor = Math.min(at, this.#view.state.doc.length);
      this.#view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) });
    }
    this.#view.focus();
  }

  destroy(): void {
    this.#view.destroy();
  }
}
