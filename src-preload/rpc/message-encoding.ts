import { decode, encode, ExtensionCodec } from '@msgpack/msgpack';

/** Numbers of the extension types of MessagePack that typed arrays are carried as. */
const UINT32_ARRAY = 1;
const FLOAT64_ARRAY = 2;

const extensionCodec = new ExtensionCodec();
extensionCodec.register({
  type: UINT32_ARRAY,
  encode: (value) => (value instanceof Uint32Array ? bytesOf(value) : null),
  decode: (bytes) => new Uint32Array(bufferOf(bytes)),
});
extensionCodec.register({
  type: FLOAT64_ARRAY,
  encode: (value) => (value instanceof Float64Array ? bytesOf(value) : null),
  decode: (bytes) => new Float64Array(bufferOf(bytes)),
});

/**
 * A message as bytes, in MessagePack: typed arrays (Uint8Array, Uint32Array, Float64Array) and every number come back
 * as they were, what is undefined as absent.
 * @throws Error for what cannot be carried, such as a function or a bigint.
 */
export function encodeMessage(message: unknown): Uint8Array<ArrayBuffer> {
  return encode(message, { extensionCodec, ignoreUndefined: true });
}

/** The message that bytes stand for. @throws Error for bytes that are no whole message. */
export function decodeMessage(bytes: Uint8Array): unknown {
  refuseHollow(bytes);
  return decode(bytes, { extensionCodec });
}

/**
 * Refuses bytes that announce more values than they can hold, so that decoding takes memory in proportion to them: an
 * array's length is four bytes, and room for that many is made before the first is read.
 */
function refuseHollow(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let place = 0;
  let due = 1;
  while (due > 0) {
    if (due > bytes.length - place) throw new RangeError('The message is not whole.');
    const [length, values] = headOf(view, place);
    place += length;
    due += values - 1;
  }
}

/** Bytes of a value without those inside it, and how many are inside it. @throws RangeError at the end. */
function headOf(view: DataView, place: number): [length: number, values: number] {
  const first = view.getUint8(place);
  if (first < 0x80 || first >= 0xe0) return [1, 0];
  if (first < 0x90) return [1, 2 * (first & 0x0f)];
  if (first < 0xa0) return [1, first & 0x0f];
  if (first < 0xc0) return [1 + (first & 0x1f), 0];
  switch (first) {
    case 0xc4:
    case 0xd9:
      return [2 + view.getUint8(place + 1), 0];
    case 0xc5:
    case 0xda:
      return [3 + view.getUint16(place + 1), 0];
    case 0xc6:
    case 0xdb:
      return [5 + view.getUint32(place + 1), 0];
    case 0xc7:
      return [3 + view.getUint8(place + 1), 0];
    case 0xc8:
      return [4 + view.getUint16(place + 1), 0];
    case 0xc9:
      return [6 + view.getUint32(place + 1), 0];
    case 0xcc:
    case 0xd0:
      return [2, 0];
    case 0xcd:
    case 0xd1:
      return [3, 0];
    case 0xca:
    case 0xce:
    case 0xd2:
      return [5, 0];
    case 0xcb:
    case 0xcf:
    case 0xd3:
      return [9, 0];
    case 0xdc:
      return [3, view.getUint16(place + 1)];
    case 0xdd:
      return [5, view.getUint32(place + 1)];
    case 0xde:
      return [3, 2 * view.getUint16(place + 1)];
    case 0xdf:
      return [5, 2 * view.getUint32(place + 1)];
    default:
      // Extensions of 1, 2, 4, 8 and 16 bytes; nil, true, false and the byte that stands for nothing.
      return [first >= 0xd4 && first <= 0xd8 ? 2 + 2 ** (first - 0xd4) : 1, 0];
  }
}

function bytesOf(numbers: Uint32Array | Float64Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}

/** A copy, since an array of wider numbers has to begin at a multiple of their size. */
function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
