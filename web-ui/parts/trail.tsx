import type { JSX } from "preact";
import type { SetupTrail } from "../view-model/index.ts";
import type { PartProps } from "./frame.tsx";
import { MarkIcon } from "./mark.tsx";

/** The steps of the first set-up in a row: where one is, what is done, and a way to each. */
export function Trail({ words, trail }: PartProps & { trail: SetupTrail }): JSX.Element {
  const { setup } = words;
  const nth = trail.steps.findIndex(({ id }) => id === trail.here) + 1;
  return (
    <>
      <p class="trail-count">{setup.nth(nth, trail.steps.length)}</p>
      <nav class="trail" aria-label={setup.trail}>
        <ol>
          {trail.steps.map(({ id, done }, index) => (
            <li key={id}>
              <a
                href={`/setup/${id}`}
                class={done ? "done" : undefined}
                aria-current={id === trail.here ? "step" : undefined}
              >
                <span class="bead">{done && id !== trail.here ? <MarkIcon mark="none" /> : index + 1}</span>
                <span class="trail-name">
                  {setup.steps[id]}
                  {done && <span class="only-read"> {setup.done}</span>}
                </span>
              </a>
            </li>
          ))}
        </ol>
      </nav>
    </>
  );
}
