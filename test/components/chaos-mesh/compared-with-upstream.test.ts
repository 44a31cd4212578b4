/**
 * Our definitions against the published ones: nothing that theirs does not have, nothing taken that theirs refuse. What
 * is narrower here is narrower on purpose, and listed.
 */
import { describe, expect, it } from "@jest/globals";
import { CLOSED_KINDS, definitions } from "../../../components/chaos-mesh/definitions";
import type { Schema } from "../../../components/chaos-mesh/definitions/schema";
import { experiment } from "../../../components/experiment";
import type { KubeObject } from "../../../components/kube-object";
import { everyFault } from "../experiment/declared";
import { type Definition, definitionOf, exampleObjects, examples, published, publishedDefinition } from "./published";
import { SAMPLES } from "./samples";
import { judge } from "./structural-schema";

const ours = new Map(
  definitions().map((crd): [string, Definition] => [definitionOf(crd).names.plural ?? "", definitionOf(crd)]),
);
const isClosed = (plural: string) => CLOSED_KINDS.some((kind) => kind.toLowerCase() === plural);
const offered = [...ours.keys()].filter((plural) => !isClosed(plural));
const byKind = (kind: string) => [...ours.values()].find(({ names }) => names.kind === kind);

/** Fields that take fewer values here. */
const NARROWER = /\.(remoteCluster: maxLength|templateType: enum|type: enum)$/;

/** Every difference of one schema from another in which the first says more or allows more, as sentences. */
function differences(one: Schema, other: Schema | undefined, path: string): string[] {
  if (!other) return [`${path}: theirs has no such field`];
  const { additionalProperties, items, properties = {}, required = [], type, ...keywords } = one;
  const wrong = type === other.type ? [] : [`${path}: type`];
  for (const keyword of new Set([...Object.keys(keywords), ...Object.keys(withoutChildren(other))])) {
    if (JSON.stringify(keywords[keyword]) !== JSON.stringify(other[keyword])) wrong.push(`${path}: ${keyword}`);
  }
  const laxer = (other.required ?? []).filter((name) => name in properties && !required.includes(name));
  return [
    ...wrong,
    ...laxer.map((name) => `${path}.${name}: is required by theirs`),
    ...Object.entries(properties).flatMap(([name, each]) =>
      differences(each, other.properties?.[name], `${path}.${name}`),
    ),
    ...(items ? differences(items, other.items, `${path}[]`) : []),
    ...(additionalProperties ? differences(additionalProperties, other.additionalProperties, `${path}{}`) : []),
  ];
}

function withoutChildren(schema: Schema): object {
  const { additionalProperties, description, items, properties, required, type, ...keywords } = schema;
  return keywords;
}

/** Every object that differs from a given one in one field: another type, or no field. */
function* spoilt(value: unknown): Generator<unknown> {
  if (Array.isArray(value)) {
    yield "no list";
    for (const [index, each] of value.entries())
      for (const other of spoilt(each)) yield value.map((kept, at) => (at === index ? other : kept));
  } else if (typeof value === "object" && value !== null) {
    yield 7;
    for (const [name, each] of Object.entries(value)) {
      const { [name]: _, ...rest } = value as Record<string, unknown>;
      yield rest;
      for (const other of spoilt(each)) yield { ...rest, [name]: other };
    }
  } else {
    yield typeof value === "string" ? 7 : "7";
    yield typeof value === "number" ? -100_000 : "no such word";
  }
}

(published ? describe : describe.skip)(
  `Chaos Mesh's kinds compared with the published ones${published ? "" : " (skipped: ../shared/upstream is not here)"}`,
  () => {
    it.each(offered)("have no field that theirs does not have, and the same type of each: %s", (plural) => {
      const [mine, theirs] = [ours.get(plural), publishedDefinition(plural)];
      for (const part of ["spec", "status"]) {
        const schema = mine?.schema.properties?.[part];
        const found = differences(schema as Schema, theirs.schema.properties?.[part], part);
        expect(found.filter((difference) => !NARROWER.test(difference))).toEqual([]);
      }
    });

    it.each([...ours.keys()])("have the same names, scope and version: %s", (plural) => {
      const [mine, theirs] = [ours.get(plural), publishedDefinition(plural)];
      const { shortNames: _, ...names } = theirs.names;
      expect(mine?.names).toEqual(names);
      expect([mine?.scope, mine?.version.name]).toEqual([theirs.scope, theirs.version.name]);
      if (isClosed(plural)) return;
      expect(mine?.version.subresources?.status !== undefined).toBe(theirs.version.subresources?.status !== undefined);
    });

    it.each(SAMPLES.map((object): [string, KubeObject] => [object.kind, object]))(
      "take a %s that theirs take, and nothing is lost",
      (kind, object) => {
        const plural = byKind(kind)?.names.plural ?? "";
        expect(judge(publishedDefinition(plural).schema, object)).toEqual({ faults: [], dropped: [] });
        expect(judge(ours.get(plural)?.schema as Schema, object)).toEqual({ faults: [], dropped: [] });
      },
    );

    it("refuse what theirs refuse, whatever is wrong in an object", () => {
      let refused = 0;
      for (const object of SAMPLES) {
        const plural = byKind(object.kind)?.names.plural ?? "";
        const theirs = publishedDefinition(plural).schema;
        const mine = ours.get(plural)?.schema as Schema;
        for (const other of spoilt(object.spec)) {
          const wrong = { ...object, spec: other };
          if (judge(theirs, wrong).faults.length === 0) continue;
          refused += 1;
          expect({ kind: object.kind, spec: other, faults: judge(mine, wrong).faults.length > 0 }).toMatchObject({
            faults: true,
          });
        }
      }
      expect(refused).toBeGreaterThan(200);
    });

    it.each(everyFault)("take the experiment of every fault as theirs do: $name", (args) => {
      const object = JSON.parse(JSON.stringify(experiment(args)));
      expect(judge(publishedDefinition("schedules").schema, object)).toEqual({ faults: [], dropped: [] });
      expect(judge(ours.get("schedules")?.schema as Schema, object)).toEqual({ faults: [], dropped: [] });
    });
  },
);

(examples ? describe : describe.skip)(
  `the published examples${examples ? "" : " (skipped: no examples are here; CHAOS_MESH_EXAMPLES may name a folder)"}`,
  () => {
    const taken = (examples ? exampleObjects() : []).filter(({ object }) => byKind(object.kind) !== undefined);

    it("are there", () => expect(taken.length).toBeGreaterThan(15));

    it.each(taken.map(({ file, object }): [string, KubeObject] => [file, object]))(
      "are judged as the published definitions judge them, or use what is not offered: %s",
      (_, object) => {
        const mine = byKind(object.kind);
        const plural = mine?.names.plural ?? "";
        const theirs = judge(publishedDefinition(plural).schema, object);
        const own = judge(mine?.schema as Schema, object);
        const usesMore = own.dropped.length > theirs.dropped.length;
        const isNotOffered =
          isClosed(plural) || own.faults.some((fault) => /templateType|\.type:|remoteCluster/.test(fault));
        if (usesMore || isNotOffered) expect(own.faults).not.toEqual([]);
        else expect(own).toEqual(theirs);
      },
    );
  },
);
