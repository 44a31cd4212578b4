/**
 * Asks an image registry which digest a tag has, by the OCI distribution API.
 *
 *     HEAD /v2/<path>/manifests/<tag> ──401──▶ GET <realm>?service&scope ──token──▶ HEAD again ──▶ Docker-Content-Digest
 *
 * Anonymous: the platform's images are public. The npm clients for this API were not taken: they speak only HTTPS, fetch one platform's
 * manifest instead of the index, and do not compare the digest that the registry states.
 *
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md
 */
import { createHash } from "node:crypto";
import { types } from "node:util";
import { DIGEST } from "../components/images";

/** For one request. Registries answer within a second; a closed network never does. */
const TIMEOUT_MS = 10_000;

/** What a tag may lead to: an index of platforms, or the manifest of the only one. */
const MANIFESTS = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/** Why a registry did not tell a digest, as a sentence. */
export class RegistryError extends Error {
  override readonly name = "RegistryError";
}

/**
 * The digest that a tag has now.
 *
 * @param repository registry and path, such as `docker.io/openpolicyagent/gatekeeper`
 * @throws RegistryError when the registry cannot be reached, does not know the image, wants credentials, or contradicts itself
 */
export async function digestOf(repository: string, tag: string): Promise<string> {
  const image = `${repository}:${tag}`;
  const url = manifestUrl(repository, tag);
  const head = await ask(image, url, "HEAD");
  const stated = head.headers.get("docker-content-digest");
  if (stated !== null && !DIGEST.test(stated)) {
    throw new RegistryError(`${image}: ${url.host} states the digest "${stated}", which is none; ask its operator`);
  }
  if (stated !== null) return stated;
  // the header is optional: without it the digest is that of the manifest's own bytes
  const { body } = await ask(image, url, "GET");
  return `sha256:${createHash("sha256").update(Buffer.from(body)).digest("hex")}`;
}

/** Docker Hub's registry has another host than its image names, and keeps its official images below `library/`. */
function manifestUrl(repository: string, tag: string): URL {
  const slash = repository.indexOf("/");
  const [registry, path] = [repository.slice(0, slash), repository.slice(slash + 1)];
  const host = registry === "docker.io" ? "registry-1.docker.io" : registry;
  const scheme = /^(localhost|127\.0\.0\.1)(:|$)/.test(host) ? "http" : "https"; // as every container engine does
  const full = registry === "docker.io" && !path.includes("/") ? `library/${path}` : path;
  return new URL(`${scheme}://${host}/v2/${full}/manifests/${tag}`);
}

interface Answer {
  readonly headers: Headers;
  readonly body: ArrayBuffer;
}

async function ask(image: string, url: URL, method: "HEAD" | "GET"): Promise<Answer> {
  const headers = { accept: MANIFESTS };
  const first = await send(image, url, { method, headers });
  const challenge = first.status === 401 ? first.headers.get("www-authenticate") : null;
  if (challenge === null) return checked(image, url, first);
  const authorization = `Bearer ${await token(image, url, challenge)}`;
  return checked(image, url, await send(image, url, { method, headers: { ...headers, authorization } }));
}

/** The anonymous token that a registry asks for, see https://distribution.github.io/distribution/spec/auth/token/ */
async function token(image: string, url: URL, challenge: string): Promise<string> {
  const parameters = Object.fromEntries(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value]),
  );
  if (!/^bearer /i.test(challenge) || !parameters.realm) throw wantsCredentials(image, url);
  const realm = new URL(parameters.realm);
  for (const key of ["service", "scope"]) if (parameters[key]) realm.searchParams.set(key, parameters[key]);
  const response = await send(image, realm, {});
  if (!response.ok) throw wantsCredentials(image, url);
  const { token, access_token } = (await response.json()) as { token?: string; access_token?: string };
  if (!token && !access_token) throw wantsCredentials(image, url);
  return token ?? access_token ?? "";
}

async function checked(image: string, url: URL, response: Response): Promise<Answer> {
  const { status, headers } = response;
  if (response.ok) return { headers, body: await response.arrayBuffer() };
  if (status === 401 || status === 403) throw wantsCredentials(image, url);
  if (status === 404) {
    throw new RegistryError(`${image}: ${url.host} has no such image: check repository and tag in images.lock.yaml`);
  }
  if (status === 429)
    throw new RegistryError(`${image}: ${url.host} has had too many requests from here: try again later`);
  throw new RegistryError(`${image}: ${url.host} answers ${status}: try again later`);
}

async function send(image: string, url: URL, init: RequestInit): Promise<Response> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  try {
    return await fetch(url, { ...init, signal });
  } catch (error) {
    const reason = signal.aborted
      ? `did not answer within ${TIMEOUT_MS / 1000} s`
      : `cannot be reached (${reasonOf(error)})`;
    const message = `${image}: ${url.host} ${reason}: try from a network where it can be reached`;
    throw new RegistryError(message, { cause: error });
  }
}

/** `fetch failed` alone says nothing: the reason stands in its cause, for an address with several IPs only in its code. */
function reasonOf(error: unknown): string {
  const cause = types.isNativeError(error) && types.isNativeError(error.cause) ? error.cause : error;
  if (!types.isNativeError(cause)) return String(cause);
  return cause.message || ("code" in cause ? String(cause.code) : cause.name);
}

function wantsCredentials(image: string, url: URL): RegistryError {
  return new RegistryError(
    `${image}: ${url.host} wants credentials, and this command asks without any: check the repository in images.lock.yaml, or read the digest by hand`,
  );
}
