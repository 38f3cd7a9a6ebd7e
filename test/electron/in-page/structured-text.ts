/** Structured clones as text, for the one way between a page of a browser and a test, which carries text alone. */

const ARRAYS = { Uint8Array, Uint32Array, Float64Array };

/** @throws TypeError for what a port would not carry either. */
export function toText(value: unknown): string {
  return JSON.stringify(marked(value));
}

export function fromText(text: string): unknown {
  return unmarked(JSON.parse(text));
}

function marked(value: unknown): unknown {
  if (typeof value === 'function' || typeof value === 'symbol')
    throw new TypeError('It could not be cloned.');
  if (value === undefined) return { $: 'undefined' };
  if (typeof value === 'number') return Number.isFinite(value) ? value : { $: 'number', text: String(value) };
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(marked);
  for (const [name, type] of Object.entries(ARRAYS)) {
    if (!(value instanceof type)) continue;
    let text = '';
    for (const byte of new Uint8Array(value.buffer, value.byteOffset, value.byteLength)) {
      text += String.fromCharCode(byte);
    }
    return { $: name, text: btoa(text) };
  }
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, marked(one)]));
}

function unmarked(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(unmarked);
  if (!('$' in value)) {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, unmarked(one)]));
  }
  const text = 'text' in value ? String(value.text) : '';
  if (value.$ === 'undefined') return undefined;
  if (value.$ === 'number') return Number(text);
  const type = Object.entries(ARRAYS).find(([name]) => name === value.$)?.[1];
  if (type === undefined) throw new TypeError(`There is no ${String(value.$)}.`);
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return new type(bytes.buffer);
}
