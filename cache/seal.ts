// Plain data in a small file, with a checksum: a flipped bit, a truncation or a file under another name is noticed, not believed.
// JSON, not msgpack: a plan reads thousands of these, Node parses JSON fastest, and people can read it too.
import { canonical, sha256 } from './digest.ts';

const CHECKSUM_DIGITS = 32;

/** Bytes of plain data that only `unseal` with the same name accepts. Throws a TypeError naming the place where something is not plain. */
export function seal(name: string, value: unknown): Uint8Array {
  const payload = Buffer.from(`{"name":${JSON.stringify(name)},"value":${canonical(value)}}\n`);
  return Buffer.concat([Buffer.from(`${checksum(payload)}\n`), payload]);
}

/** The data that was sealed under this name. Throws for anything else. */
export function unseal(name: string, sealed: Uint8Array): unknown {
  const file = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  const payload = file.subarray(CHECKSUM_DIGITS + 1);
  if (file.toString('latin1', 0, CHECKSUM_DIGITS + 1) !== `${checksum(payload)}\n`) throw new Error('its checksum is wrong');
  const content = JSON.parse(payload.toString()) as { readonly name: string; readonly value: unknown };
  if (content.name !== name) throw new Error(`it belongs to ${content.name}`);
  return content.value;
}

function checksum(payload: Uint8Array): string {
  return sha256(payload).slice(0, CHECKSUM_DIGITS);
}
