/** Where downloads and builds are kept, outside every checkout. */
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/**
 * The absolute path of the cache: `$FLEETWRIGHT_CACHE`, or `fleetwright` in the user's cache folder (`$XDG_CACHE_HOME`, default `~/.cache`).
 * All of it can be made again, so it may be deleted while nothing runs.
 *
 * @throws Error when `FLEETWRIGHT_CACHE` is not an absolute path: its meaning would change with the working folder
 */
export function cacheFolder(): string {
  const { FLEETWRIGHT_CACHE: own, XDG_CACHE_HOME: shared } = process.env;
  if (own && !isAbsolute(own)) {
    throw new Error(`FLEETWRIGHT_CACHE is "${own}", must be an absolute path, or each folder would have its own cache`);
  }
  // the XDG base directory specification: a relative XDG_CACHE_HOME is invalid and ignored
  return own || join(shared && isAbsolute(shared) ? shared : join(homedir(), ".cache"), "fleetwright");
}
