/**
 * A module that `opa build -t wasm` compiled, instantiated: what of its ABI 1.2 is used, and that nothing is missing.
 *
 * @see https://www.openpolicyagent.org/docs/wasm
 */

/** What is wrong with a module or with an evaluation: our bug, not a user's. */
export class WasmError extends Error {
  override readonly name = "WasmError";
}

/** The exports of ABI 1.2 that are used; values, paths and contexts are addresses, offsets into `memory`. */
export interface WasmModule {
  readonly memory: WebAssembly.Memory;
  readonly opa_wasm_abi_version: WebAssembly.Global;
  readonly opa_wasm_abi_minor_version: WebAssembly.Global;
  builtins(): number;
  entrypoints(): number;
  /** Evaluates a context; 0 when it went well. */
  eval(context: number): number;
  opa_eval_ctx_new(): number;
  opa_eval_ctx_set_input(context: number, value: number): void;
  opa_eval_ctx_set_data(context: number, value: number): void;
  opa_eval_ctx_set_entrypoint(context: number, entrypoint: number): void;
  opa_eval_ctx_get_result(context: number): number;
  opa_malloc(bytes: number): number;
  opa_heap_ptr_get(): number;
  /** Whatever stands above the address is free from then on. */
  opa_heap_ptr_set(address: number): void;
  /** 0 for what is no JSON. The text must stay: strings of the value lie in it. */
  opa_json_parse(address: number, bytes: number): number;
  opa_json_dump(value: number): number;
  /** 0 when it went well. */
  opa_value_add_path(base: number, path: number, value: number): number;
}

const FUNCTIONS = [
  "builtins",
  "entrypoints",
  "eval",
  "opa_eval_ctx_new",
  "opa_eval_ctx_set_input",
  "opa_eval_ctx_set_data",
  "opa_eval_ctx_set_entrypoint",
  "opa_eval_ctx_get_result",
  "opa_malloc",
  "opa_heap_ptr_get",
  "opa_heap_ptr_set",
  "opa_json_parse",
  "opa_json_dump",
  "opa_value_add_path",
] as const;

/** First pages of memory: 320 KiB, what OPA's own SDK starts with. The module asks for more as it needs. */
const FIRST_PAGES = 5;

const decoder = new TextDecoder("utf-8", { fatal: true });

/** @throws WasmError when the module is of another ABI */
export function instantiate(bytes: Uint8Array<ArrayBuffer>): WasmModule {
  const memory = new WebAssembly.Memory({ initial: FIRST_PAGES });
  const refuse = (id: number): never => {
    throw new WasmError(`the rules called builtin ${id} of their host, which offers none`);
  };
  const env = {
    memory,
    opa_abort: (address: number) => {
      throw new WasmError(`the rules ended with: ${textAt(memory, address)}`);
    },
    opa_println: (address: number) => {
      throw new WasmError(`the rules printed, which they must not: ${textAt(memory, address)}`);
    },
    opa_builtin0: refuse,
    opa_builtin1: refuse,
    opa_builtin2: refuse,
    opa_builtin3: refuse,
    opa_builtin4: refuse,
  };
  return checked(new WebAssembly.Instance(new WebAssembly.Module(bytes), { env }).exports);
}

function checked(exports: WebAssembly.Exports): WasmModule {
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
  return exports as unknown as WasmModule; // every member was looked at above
}

/** The null-terminated UTF-8 at an address. */
export function textAt(memory: WebAssembly.Memory, address: number): string {
  const bytes = new Uint8Array(memory.buffer);
  const end = bytes.indexOf(0, address);
  if (address <= 0 || end < 0) throw new WasmError("the rules answered with an address outside their memory");
  return decoder.decode(bytes.subarray(address, end));
}
