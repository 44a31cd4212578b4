/** One file over HTTP: tried once, given up soon. */
import type { Hash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { types } from "node:util";

/** Until the server answers. Long enough for any working network, short enough to be bearable on a closed one. */
const ANSWER_MS = 5_000;
/** Without a single byte, in the middle of a file. */
const STALL_MS = 20_000;

/** Why a file could not be had. */
export interface Unreachable {
  /** A clause without a full stop, naming host or URL. */
  readonly reason: string;
  /** Whether another file from the same host would fail alike, so that it is not tried again. */
  readonly hostFailed: boolean;
}

/**
 * Writes the body of `url` to `file` and into `hash`.
 *
 * @returns why it could not, undefined when it could
 * @throws Error when the file cannot be written, as on a full disk
 */
export async function download(url: string, file: string, hash: Hash): Promise<Unreachable | undefined> {
  const { host } = new URL(url);
  const abort = new AbortController();
  let late = `${host} did not answer within ${ANSWER_MS / 1000} s`;
  let timer = setTimeout(() => abort.abort(), ANSWER_MS);
  try {
    const response = await fetch(url, { signal: abort.signal });
    if (!response.ok || !response.body) return { reason: `${url} answers ${response.status}`, hostFailed: false };
    late = `${host} sent nothing for ${STALL_MS / 1000} s`;
    const witness = new Transform({
      transform(chunk, _encoding, done) {
        clearTimeout(timer);
        timer = setTimeout(() => abort.abort(), STALL_MS);
        hash.update(chunk);
        done(null, chunk);
      },
    });
    await pipeline(Readable.from(response.body), witness, createWriteStream(file));
    return undefined;
  } catch (error) {
    if (types.isNativeError(error) && "syscall" in error && error.syscall === "write") throw error; // our disk, not their host
    return { reason: abort.signal.aborted ? late : `${host} cannot be reached (${causeOf(error)})`, hostFailed: true };
  } finally {
    clearTimeout(timer);
  }
}

/** `fetch failed` alone says nothing: the reason stands in its cause, for an address with several IPs only in its code. */
function causeOf(error: unknown): string {
  const cause = types.isNativeError(error) && types.isNativeError(error.cause) ? error.cause : error;
  if (!types.isNativeError(cause)) return String(cause);
  return cause.message || ("code" in cause ? String(cause.code) : cause.name);
}
