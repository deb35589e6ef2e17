import type { JSX } from "preact";
import { formatStamp } from "../time.ts";
import type { MendView } from "../view-model/index.ts";
import type { PartProps } from "./frame.tsx";

/** Who pressed what, when, and what came of it; nothing at all when nobody has. */
export function Mends({
  frame,
  words,
  mends,
}: PartProps & { mends: readonly MendView[] }): JSX.Element | null {
  const { ways } = words;
  if (mends.length === 0) return null;
  return (
    <section id="mends">
      <h2>{ways.mendsTitle}</h2>
      <ul class="rows card">
        {mends.map((mend) => (
          <li key={mend.id}>
            <small>{formatStamp(mend.at, words.time)}</small>
            <b>
              <bdi>{ways.mend(ways.actions[mend.action], mend.by)}</bdi>
            </b>
            {mend.what && <small>{mend.what}</small>}
            <p>
              {ways.results[mend.result]} {confirmedWords(mend, words)}
            </p>
            {mend.code !== null && <small>{ways.code(mend.code)}</small>}
            {frame.technical && mend.detail && (
              <small>
                <bdi>{mend.detail}</bdi>
              </small>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Only where a door was closed: nobody asks from outside after a refusal, nor about the guard. */
function confirmedWords(
  { action, result, confirmedOutside }: MendView,
  { ways: { confirmed } }: PartProps["words"],
): string | null {
  if (action === "apply-guard" || action === "remove-guard" || result !== "done") return null;
  return confirmedOutside === null ? confirmed.notAsked : confirmedOutside ? confirmed.yes : confirmed.no;
}
