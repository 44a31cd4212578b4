/** Circles in a graph: enough of them that each node which waits for itself stands in one. */

/** From a node, those that it waits for. */
export type Edges<Node> = ReadonlyMap<Node, readonly Node[]>;

/** Each a shortest one, without its first node repeated at the end; in the order of the nodes. */
export function circles<Node>(edges: Edges<Node>): Node[][] {
  const found: Node[][] = [];
  for (const component of components(edges)) {
    const inCircle = new Set<Node>();
    for (const node of component) {
      if (inCircle.has(node)) continue;
      const circle = shortest(node, edges, component);
      if (!circle) continue;
      for (const one of circle) inCircle.add(one);
      found.push(circle);
    }
  }
  return found;
}

/** Sets of nodes of which each leads to each (Tarjan), without recursion: chains may be long. */
function components<Node>(edges: Edges<Node>): Set<Node>[] {
  const index = new Map<Node, number>();
  const low = new Map<Node, number>();
  const stack: Node[] = [];
  const onStack = new Set<Node>();
  const found: Set<Node>[] = [];
  const enter = (node: Node) => {
    index.set(node, index.size);
    low.set(node, index.size - 1);
    stack.push(node);
    onStack.add(node);
    return { node, next: 0 };
  };
  const lower = (node: Node, value: number) => low.set(node, Math.min(low.get(node) ?? value, value));
  for (const root of edges.keys()) {
    if (index.has(root)) continue;
    const work = [enter(root)];
    for (let top = work.at(-1); top; top = work.at(-1)) {
      const { node } = top;
      const to = edges.get(node)?.[top.next];
      if (to !== undefined) {
        top.next += 1;
        if (!index.has(to)) work.push(enter(to));
        else if (onStack.has(to)) lower(node, index.get(to) ?? 0);
        continue;
      }
      work.pop();
      const above = work.at(-1);
      if (above) lower(above.node, low.get(node) ?? 0);
      if (low.get(node) === index.get(node)) found.push(popped(stack, onStack, node));
    }
  }
  const order = new Map([...edges.keys()].map((node, position) => [node, position]));
  return found.map((component) => inOrder(component, order));
}

function popped<Node>(stack: Node[], onStack: Set<Node>, until: Node): Set<Node> {
  const component = new Set<Node>();
  for (;;) {
    const node = stack.pop();
    if (node === undefined) return component;
    onStack.delete(node);
    component.add(node);
    if (node === until) return component;
  }
}

const inOrder = <Node>(component: Set<Node>, order: ReadonlyMap<Node, number>) =>
  new Set([...component].sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0)));

/** The shortest way from a node back to itself within its component. */
function shortest<Node>(start: Node, edges: Edges<Node>, within: ReadonlySet<Node>): Node[] | undefined {
  const before = new Map<Node, Node>();
  const queue = [start];
  for (const node of queue) {
    for (const to of edges.get(node) ?? []) {
      if (to === start) return wayTo(node, start, before);
      if (!within.has(to) || before.has(to)) continue;
      before.set(to, node);
      queue.push(to);
    }
  }
  return undefined;
}

function wayTo<Node>(end: Node, start: Node, before: ReadonlyMap<Node, Node>): Node[] {
  const way: Node[] = [];
  for (let node: Node | undefined = end; node !== undefined; node = node === start ? undefined : before.get(node)) {
    way.unshift(node);
  }
  return way;
}
