import type { JSX } from "preact";
import type { Audience } from "../../agent/model/index.ts";
import type { Words } from "../locales/words/index.ts";

const RUNGS: readonly Audience[] = ["room", "building", "internet", "unknown"];

const DRAWINGS: Readonly<Record<Audience, JSX.Element>> = {
  room: <path d="M3 5h18v11H3zM9 20h6M12 16v4" />,
  building: <path d="M3 11l9-8 9 8M5 10v11h14V10M10 21v-6h4v6" />,
  internet: (
    <path d="M12 2a10 10 0 1 0 0 20a10 10 0 1 0 0-20M2 12h20M12 2c-6 6-6 14 0 20M12 2c6 6 6 14 0 20" />
  ),
  unknown: <path d="M9 9a3 3 0 1 1 4.4 2.6c-.9.5-1.4 1-1.4 2.4M12 18v.3" />,
};

/** Who can see it: always the same four rungs; the current one is bold, marked and says so. */
export function Ladder({ audience, words }: { audience: Audience; words: Words }): JSX.Element {
  const reached = audience === "unknown" ? 0 : RUNGS.indexOf(audience);
  return (
    <ol class="ladder">
      {RUNGS.map((rung, index) => (
        <li
          key={rung}
          {...(rung === audience ? { "aria-current": "true" } : index < reached && { class: "reached" })}
        >
          {words.ladder[rung]}
          {rung === audience && <b>{words.finding.here}</b>}
          <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            {DRAWINGS[rung]}
          </svg>
        </li>
      ))}
    </ol>
  );
}
