/**
 * Runs rules that `opa build -t wasm` compiled. What many rules are asked about is handed to them once.
 *
 * Written here although npm has `@open-policy-agent/opa-wasm`: that library brings builtins of its own which a caller
 * cannot replace, and its `sprintf` throws where Go's prints, so the same rule would end in an error at preview and in
 * a denial at admission. Rules here use only builtins that are compiled into the module; a module that asks its host
 * for one is refused when it is loaded, and whatever goes wrong in an evaluation is an error, never an allow.
 */
import { instantiate, textAt, WasmError, type WasmModule } from "./wasm-module";

/** Fields of an input, by name. */
type Fields = Readonly<Record<string, unknown>>;

/** Some fields of an input; decisions are asked about them together with the other fields. */
export interface LoadedInput {
  /**
   * The value of one decision, or undefined when the decision is undefined. Sets arrive as arrays.
   *
   * @param others the fields of the input that were not loaded
   * @throws WasmError when there is no such decision or the evaluation fails
   */
  evaluate(entrypoint: string, others?: Fields): unknown;
}

/** A field as JSON: `["name"]`, and its value. */
interface EncodedField {
  readonly path: Uint8Array;
  readonly value: Uint8Array;
}

/** Fields that lie in the module's memory, with the addresses of what {@link EncodedField} holds. */
interface Placed {
  readonly owner: LoadedInput;
  readonly fields: readonly { readonly path: number; readonly value: number }[];
  /** First address above them. */
  readonly top: number;
}

const encoder = new TextEncoder();

/**
 * A loaded module. Its memory holds, from below, what never changes, then the fields that were loaded last, then what
 * one evaluation makes, which the next one overwrites. Evaluations are synchronous and leave nothing behind.
 */
export class WasmPolicy {
  readonly #module: WasmModule;
  readonly #entrypoints: ReadonlyMap<string, number>;
  readonly #data: number;
  readonly #bottom: number;
  /** What lies in memory; undefined after an evaluation that failed. */
  #placed: Placed | undefined;

  /** @throws WasmError when the module is of another ABI or asks for builtins of its host */
  constructor(bytes: Uint8Array<ArrayBuffer>) {
    this.#module = instantiate(bytes);
    const wanted = Object.keys(this.#table(this.#module.builtins()));
    if (wanted.length > 0) {
      throw new WasmError(`the rules need ${wanted.join(", ")} of their host: use builtins of capabilities.json only`);
    }
    this.#entrypoints = new Map(Object.entries(this.#table(this.#module.entrypoints())));
    this.#data = this.#parse(encoder.encode("{}"));
    this.#bottom = align(this.#module.opa_heap_ptr_get());
  }

  /** The decisions that can be asked for: `fleetwright/image_tag/violation`. */
  get entrypoints(): readonly string[] {
    return [...this.#entrypoints.keys()];
  }

  /** Fields as JSON has them, what is undefined being absent; they are read when the first decision is asked for. */
  load(fields: Fields): LoadedInput {
    let encoded: readonly EncodedField[] | undefined;
    const loaded: LoadedInput = {
      evaluate: (entrypoint, others = {}) => {
        const id = this.#entrypoints.get(entrypoint);
        if (id === undefined) {
          throw new WasmError(`the compiled rules have no decision ${entrypoint}: run "npm run rules"`);
        }
        encoded ??= Object.entries(fields).flatMap(([name, value]) =>
          value === undefined ? [] : [{ path: json([name]), value: json(value) }],
        );
        const placed = this.#placed?.owner === loaded ? this.#placed : this.#place(loaded, encoded);
        this.#placed = undefined;
        const value = this.#evaluate(entrypoint, id, placed, others);
        this.#placed = placed;
        return value;
      },
    };
    return loaded;
  }

  #place(owner: LoadedInput, encoded: readonly EncodedField[]): Placed {
    this.#module.opa_heap_ptr_set(this.#bottom);
    const fields = encoded.map(({ path, value }) => ({ path: this.#parse(path), value: this.#parse(value) }));
    return { owner, fields, top: align(this.#module.opa_heap_ptr_get()) };
  }

  #evaluate(entrypoint: string, id: number, { fields, top }: Placed, others: Fields): unknown {
    const module = this.#module;
    module.opa_heap_ptr_set(top);
    const input = this.#parse(json(others));
    for (const { path, value } of fields) {
      if (module.opa_value_add_path(input, path, value) !== 0) throw new WasmError(`${entrypoint}: no input was taken`);
    }
    const context = module.opa_eval_ctx_new();
    module.opa_eval_ctx_set_data(context, this.#data);
    module.opa_eval_ctx_set_input(context, input);
    module.opa_eval_ctx_set_entrypoint(context, id);
    if (module.eval(context) !== 0) throw new WasmError(`${entrypoint}: the rules could not be evaluated`);
    const answer: unknown = JSON.parse(this.#dumped(module.opa_eval_ctx_get_result(context)));
    if (!Array.isArray(answer)) throw new WasmError(`${entrypoint}: the rules answered ${typeof answer}, not a list`);
    if (answer.length === 0) return undefined;
    if (answer.length > 1 || !isObject(answer[0]) || !("result" in answer[0])) {
      throw new WasmError(`${entrypoint}: the rules answered ${answer.length} results, not one`);
    }
    return answer[0].result;
  }

  #table(value: number): Record<string, number> {
    const found: unknown = JSON.parse(this.#dumped(value));
    if (!isObject(found)) throw new WasmError("the compiled rules hold no table of names");
    return Object.fromEntries(
      Object.entries(found).map(([name, id]) => {
        if (typeof id !== "number") throw new WasmError(`the compiled rules give ${name} no number`);
        return [name, id];
      }),
    );
  }

  #parse(bytes: Uint8Array): number {
    const address = this.#module.opa_malloc(bytes.byteLength);
    new Uint8Array(this.#module.memory.buffer).set(bytes, address);
    const value = this.#module.opa_json_parse(address, bytes.byteLength);
    if (value === 0) throw new WasmError("the compiled rules cannot read JSON");
    return value;
  }

  #dumped(value: number): string {
    return textAt(this.#module.memory, this.#module.opa_json_dump(value));
  }
}

const json = (value: unknown) => encoder.encode(JSON.stringify(value));

/** Heap addresses are kept on 8 bytes, as the module's own allocator keeps them. */
const align = (address: number) => (address + 7) & ~7;

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
