/** Reads expressions of CEL, as far as match conditions use it: no byte strings, no messages. */

export type Expression =
  | { readonly type: "literal"; readonly value: string | number | boolean | null }
  | { readonly type: "name"; readonly name: string }
  | { readonly type: "list"; readonly items: readonly Expression[] }
  | { readonly type: "map"; readonly entries: readonly (readonly [Expression, Expression])[] }
  | { readonly type: "field"; readonly of: Expression; readonly name: string; readonly isOptional: boolean }
  | { readonly type: "index"; readonly of: Expression; readonly key: Expression; readonly isOptional: boolean }
  | {
      readonly type: "call";
      readonly of?: Expression;
      readonly name: string;
      readonly given: readonly Expression[];
    }
  | { readonly type: "unary"; readonly operator: string; readonly of: Expression }
  | { readonly type: "binary"; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly type: "choice"; readonly test: Expression; readonly yes: Expression; readonly no: Expression };

/** What is no expression, or one that is not read here. */
export class CelError extends Error {
  override readonly name = "CelError";
}

const TOKEN =
  /\s+|\/\/[^\n]*|r?"""[\s\S]*?"""|r?'''[\s\S]*?'''|r"[^"]*"|r'[^']*'|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\d+(?:\.\d+)?u?|[A-Za-z_]\w*|&&|\|\||[<>=!]=|[-+*/%<>!?:.,()[\]{}]/gy;

/** Operators that bind less come first. */
const LEVELS: readonly (readonly string[])[] = [
  ["||"],
  ["&&"],
  ["==", "!=", "<", "<=", ">", ">=", "in"],
  ["+", "-"],
  ["*", "/", "%"],
];

/** @throws CelError where the text cannot be read to its end */
export function parseExpression(text: string): Expression {
  const parser = new Parser(tokensOf(text));
  const expression = parser.choice();
  parser.end();
  return expression;
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const start = TOKEN.lastIndex;
    const [token] = TOKEN.exec(text) ?? [];
    if (token === undefined) throw new CelError(`unreadable at ${text.slice(start, start + 20)}`);
    if (!/^(\s|\/\/)/.test(token)) tokens.push(token);
  }
  return tokens;
}

class Parser {
  #next = 0;

  constructor(readonly tokens: readonly string[]) {}

  choice(): Expression {
    const test = this.#binary(0);
    if (!this.#take("?")) return test;
    const yes = this.choice();
    this.#expect(":");
    return { type: "choice", test, yes, no: this.choice() };
  }

  end(): void {
    if (this.#next < this.tokens.length) throw new CelError(`unexpected ${this.#token}`);
  }

  #binary(level: number): Expression {
    const operators = LEVELS[level];
    if (!operators) return this.#unary();
    let left = this.#binary(level + 1);
    while (operators.includes(this.#token)) {
      const operator = this.#shift();
      left = { type: "binary", operator, left, right: this.#binary(level + 1) };
    }
    return left;
  }

  #unary(): Expression {
    if (this.#token !== "!" && this.#token !== "-") return this.#member();
    return { type: "unary", operator: this.#shift(), of: this.#unary() };
  }

  #member(): Expression {
    let of = this.#primary();
    for (;;) {
      if (this.#take(".")) {
        const isOptional = this.#take("?");
        const name = this.#shift();
        of = this.#take("(")
          ? { type: "call", of, name, given: this.#until(")") }
          : { type: "field", of, name, isOptional };
      } else if (this.#take("[")) {
        const isOptional = this.#take("?");
        const key = this.choice();
        this.#expect("]");
        of = { type: "index", of, key, isOptional };
      } else return of;
    }
  }

  #primary(): Expression {
    const token = this.#shift();
    if (token === "(") {
      const inner = this.choice();
      this.#expect(")");
      return inner;
    }
    if (token === "[") return { type: "list", items: this.#until("]") };
    if (token === "{") return { type: "map", entries: this.#entries() };
    if (/^r?["']/.test(token)) return { type: "literal", value: stringOf(token) };
    if (/^\d/.test(token)) return { type: "literal", value: Number.parseFloat(token) };
    if (token === "true" || token === "false") return { type: "literal", value: token === "true" };
    if (token === "null") return { type: "literal", value: null };
    if (!/^[A-Za-z_]/.test(token)) throw new CelError(`unexpected ${token}`);
    return this.#take("(") ? { type: "call", name: token, given: this.#until(")") } : { type: "name", name: token };
  }

  #until(close: string): Expression[] {
    const items: Expression[] = [];
    while (!this.#take(close)) {
      items.push(this.choice());
      if (this.#token !== close) this.#expect(",");
    }
    return items;
  }

  #entries(): [Expression, Expression][] {
    const entries: [Expression, Expression][] = [];
    while (!this.#take("}")) {
      const key = this.choice();
      this.#expect(":");
      entries.push([key, this.choice()]);
      if (this.#token !== "}") this.#expect(",");
    }
    return entries;
  }

  get #token(): string {
    return this.tokens[this.#next] ?? "";
  }

  #shift(): string {
    const token = this.tokens[this.#next];
    if (token === undefined) throw new CelError("ends too early");
    this.#next += 1;
    return token;
  }

  #take(token: string): boolean {
    if (this.#token !== token) return false;
    this.#next += 1;
    return true;
  }

  #expect(token: string): void {
    if (!this.#take(token)) throw new CelError(`expected ${token}, found ${this.#token || "the end"}`);
  }
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };

function stringOf(token: string): string {
  const isRaw = token.startsWith("r");
  const quoted = isRaw ? token.slice(1) : token;
  const marks = /^("""|''')/.test(quoted) ? 3 : 1;
  const inner = quoted.slice(marks, -marks);
  return isRaw ? inner : inner.replace(/\\(.)/g, (_all, character: string) => ESCAPES[character] ?? character);
}
