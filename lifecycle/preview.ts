/**
 * Previews the stacks of a project, a few at once, and brings what they say together. A stack that fails hides none of the
 * others.
 */
import { ToolError } from "../sandbox/toolchain/tool-error";
import { projectName } from "./engine-state";
import { NO_COUNTS, type PreviewReport, type StackPreview } from "./preview/report";
import { commandOf, previewStack } from "./preview/stack-preview";
import { previewReport } from "./preview/summary";
import type { Progress } from "./progress";
import type { ProjectStack } from "./project-stacks";

interface PreviewAsked {
  /** Folder of Pulumi.yaml. */
  readonly root: string;
  readonly stacks: readonly ProjectStack[];
  /** Stacks at once, 1–16: each takes an engine, and a provider for each of its clusters. */
  readonly parallel: number;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
}

/** @throws ToolError when the pinned tools are not installed */
export async function preview({ parallel, progress, root, signal, stacks }: PreviewAsked): Promise<PreviewReport> {
  const done = new Map<string, StackPreview>();
  const waiting = [...stacks];
  await Promise.all(
    Array.from({ length: Math.min(parallel, stacks.length) }, async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const one = next;
        await progress.step(`${one.stack}: $ ${commandOf(one)}`, async (say) => {
          const stack = await previewOrFailure({ ...one, root, say, ...(signal ? { signal } : {}) });
          done.set(one.stack, stack);
          return outcome(stack);
        });
      }
    }),
  );
  return previewReport(
    projectName(root),
    stacks.flatMap(({ stack }) => done.get(stack) ?? []),
  );
}

async function previewOrFailure(asked: Parameters<typeof previewStack>[0]): Promise<StackPreview> {
  try {
    return await previewStack(asked);
  } catch (error) {
    // without tools no stack can be previewed
    if (error instanceof ToolError) throw error;
    return failed(asked, error instanceof Error ? error.message : String(error));
  }
}

const outcome = ({ counts, error }: StackPreview) =>
  error === undefined
    ? `${counts.refused} refused, ${counts.delete} deleted, ${counts.replace} replaced, ${counts.update} updated, ${counts.create} created`
    : "failed";

function failed(asked: ProjectStack, error: string): StackPreview {
  const { clusters, environment, stack } = asked;
  const nothing = { asked: 0, refused: 0, notAsked: [] };
  return {
    stack,
    environment: environment.name,
    command: commandOf(asked),
    outcome: "failed",
    error,
    seconds: 0,
    clusters: clusters.map((cluster) => ({ cluster, counts: NO_COUNTS, reached: false, admission: nothing })),
    counts: NO_COUNTS,
    changes: [],
    tenants: [],
    policies: [],
    exemptions: { inForce: 0, exempted: 0, ending: [], unused: [] },
    notKnown: ["nothing of this stack could be previewed"],
    notes: [],
    noise: { changes: 0, fields: 0, reasons: {} },
  };
}
