/**
 * Runs rules that `opa build -t wasm` compiled, through the module's ABI 1.2.
 *
 * Written here although npm has `@open-policy-agent/opa-wasm`: that library brings builtins of its own which a caller
 * cannot replace, and its `sprintf` throws where Go's prints, so the same rule would end in an error at preview and in
 * a denial at admission. Rules here use only builtins that are compiled into the module; a module that asks its host
 * for one is refused when it is loaded, and whatever goes wrong in an evaluation is an error, never an allow.
 *
 * @see https://www.openpolicyagent.org/docs/wasm
 */

/** What is wrong with a module or with an evaluation: our bug, not a user's. */
export class WasmError extends Error {
  override readonly name = "WasmError";
}

/** The exports of ABI 1.2 that are used; addresses are offsets into `memory`. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly opa_wasm_abi_version: WebAssembly.Global;
  readonly opa_wasm_abi_minor_version: WebAssembly.Global;
  builtins(): number;
  entrypoints(): number;
  opa_malloc(bytes: number): number;
  opa_heap_ptr_get(): number;
  opa_json_parse(address: number, bytes: number): number;
  opa_json_dump(value: number): number;
  opa_eval(
    reserved: 0,
    entrypoint: number,
    data: number,
    input: number,
    inputBytes: number,
    heap: number,
    format: 0,
  ): number;
}

const FUNCTIONS = [
  "builtins",
  "entrypoints",
  "opa_malloc",
  "opa_heap_ptr_get",
  "opa_json_parse",
  "opa_json_dump",
  "opa_eval",
] as const;

/** Bytes of a page of WebAssembly memory (core specification). */
const PAGE = 65_536;
/** First pages of memory: 320 KiB, what OPA's own SDK starts with. The module asks for more as it needs. */
const FIRST_PAGES = 5;
/** `opa_json_dump` and not a serialized Rego value. */
const JSON_FORMAT = 0;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** A loaded module. Evaluations are synchronous and leave nothing behind. */
export class WasmPolicy {
  readonly #exports: Exports;
  readonly #entrypoints: ReadonlyMap<string, number>;
  readonly #data: number;
  readonly #heap: number;

  /** @throws WasmError when the module is of another ABI or asks for builtins of its host */
  constructor(bytes: Uint8Array<ArrayBuffer>) {
    const memory = new WebAssembly.Memory({ initial: FIRST_PAGES });
    const refuse = (id: number): never => {
      throw new WasmError(`the rules called builtin ${id} of their host, which offers none`);
    };
    const env = {
      memory,
      opa_abort: (address: number) => {
        throw new WasmError(`the rules ended with: ${text(memory, address)}`);
      },
      opa_println: (address: number) => {
        throw new WasmError(`the rules printed, which they must not: ${text(memory, address)}`);
      },
      opa_builtin0: refuse,
      opa_builtin1: refuse,
      opa_builtin2: refuse,
      opa_builtin3: refuse,
      opa_builtin4: refuse,
    };
    this.#exports = checked(new WebAssembly.Instance(new WebAssembly.Module(bytes), { env }).exports);
    const wanted = Object.keys(this.#map(this.#exports.builtins()));
    if (wanted.length > 0) {
      throw new WasmError(`the rules need ${wanted.join(", ")} of their host: use builtins of capabilities.json only`);
    }
    this.#entrypoints = new Map(Object.entries(this.#map(this.#exports.entrypoints())));
    this.#data = this.#parse("{}");
    this.#heap = this.#exports.opa_heap_ptr_get();
  }

  /** The decisions that can be asked for: `fleetwright/image_tag/violation`. */
  get entrypoints(): readonly string[] {
    return [...this.#entrypoints.keys()];
  }

  /**
   * The value of one decision for an input, or undefined when the decision is undefined. Sets arrive as arrays.
   *
   * @throws WasmError when there is no such decision or the evaluation fails
   */
  evaluate(entrypoint: string, input: unknown): unknown {
    const id = this.#entrypoints.get(entrypoint);
    if (id === undefined) throw new WasmError(`the compiled rules have no decision ${entrypoint}: run "npm run rules"`);
    const json = encoder.encode(JSON.stringify(input));
    this.#reserve(this.#heap + json.byteLength);
    new Uint8Array(this.#exports.memory.buffer).set(json, this.#heap);
    const heap = align(this.#heap + json.byteLength);
    const { opa_eval } = this.#exports;
    const address = opa_eval(0, id, this.#data, this.#heap, json.byteLength, heap, JSON_FORMAT);
    const answer: unknown = JSON.parse(text(this.#exports.memory, address));
    if (!Array.isArray(answer)) throw new WasmError(`${entrypoint}: the rules answered ${typeof answer}, not a list`);
    if (answer.length === 0) return undefined;
    if (answer.length > 1 || !isObject(answer[0]) || !("result" in answer[0])) {
      throw new WasmError(`${entrypoint}: the rules answered ${answer.length} results, not one`);
    }
    return answer[0].result;
  }

  #map(value: number): Record<string, number> {
    const found: unknown = JSON.parse(text(this.#exports.memory, this.#exports.opa_json_dump(value)));
    if (!isObject(found)) throw new WasmError("the compiled rules hold no table of names");
    return Object.fromEntries(
      Object.entries(found).map(([name, id]) => {
        if (typeof id !== "number") throw new WasmError(`the compiled rules give ${name} no number`);
        return [name, id];
      }),
    );
  }

  #parse(json: string): number {
    const bytes = encoder.encode(json);
    const address = this.#exports.opa_malloc(bytes.byteLength);
    new Uint8Array(this.#exports.memory.buffer).set(bytes, address);
    const value = this.#exports.opa_json_parse(address, bytes.byteLength);
    if (value === 0) throw new WasmError("the compiled rules cannot read JSON");
    return value;
  }

  #reserve(end: number): void {
    const missing = end - this.#exports.memory.buffer.byteLength;
    if (missing > 0) this.#exports.memory.grow(Math.ceil(missing / PAGE));
  }
}

/** Heap addresses are kept on 8 bytes, as the module's own allocator keeps them. */
const align = (address: number) => (address + 7) & ~7;

function checked(exports: WebAssembly.Exports): Exports {
  const { memory, opa_wasm_abi_version: major, opa_wasm_abi_minor_version: minor } = exports;
  const version = [major, minor].map((part) => (part instanceof WebAssembly.Global ? part.value : undefined));
  if (version[0] !== 1 || typeof version[1] !== "number" || version[1] < 2) {
    throw new WasmError(
      `the compiled rules speak ABI ${version.join(".")}, this reads 1.2 and later of 1: compile again`,
    );
  }
  const missing: string[] = FUNCTIONS.filter((name) => typeof exports[name] !== "function");
  if (!(memory instanceof WebAssembly.Memory)) missing.push("memory");
  if (missing.length > 0) throw new WasmError(`the compiled rules lack ${missing.join(", ")}`);
  return exports as unknown as Exports; // every member was looked at above
}

/** The null-terminated UTF-8 at an address. */
function text(memory: WebAssembly.Memory, address: number): string {
  const bytes = new Uint8Array(memory.buffer);
  const end = bytes.indexOf(0, address);
  if (address <= 0 || end < 0) throw new WasmError("the rules answered with an address outside their memory");
  return decoder.decode(bytes.subarray(address, end));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
