// How does a text change on the page without losing what somebody has selected in it? Only what differs is written.

import type { Attachment } from 'svelte/attachments';

/** Keeps an element's text at this one. A text that is set anew lets go of every selection in it, and a clock sets it each second. */
export function written(text: string): Attachment {
  return (element) => {
    const node = element.firstChild ?? element.appendChild(document.createTextNode(''));
    if (!(node instanceof Text) || node.data === text) return;
    const former = node.data;
    const shorter = Math.min(former.length, text.length);
    let start = 0;
    while (start < shorter && former[start] === text[start]) start += 1;
    let end = 0;
    while (end < shorter - start && former.at(-1 - end) === text.at(-1 - end)) end += 1;
    node.replaceData(start, former.length - end - start, text.slice(start, text.length - end));
  };
}
