import type { JSX } from "preact";
import type { Words } from "../locales/words/index.ts";
import { formatLocalDay } from "../time.ts";
import { STRIP_STATES, type Strip, type StripRun, type StripState } from "../view-model/index.ts";

/** Top and height of a day in the strip of 20: what is worse stands higher, so that grey paper tells it too. */
const BARS: Readonly<Record<StripState, readonly [number, number]>> = {
  danger: [0, 20],
  attention: [7, 13],
  unknown: [9, 4],
  none: [16, 4],
  unchecked: [9, 1.5],
  before: [18, 0],
};

/** A year of one camera, a day a unit wide; the same in words below it. */
export function ExposureStrip({ strip, words, id }: { strip: Strip; words: Words; id: string }): JSX.Element {
  const { picture } = words;
  const told = STRIP_STATES.filter((state) => state !== "before" && strip.counts[state] > 0);
  return (
    <div class="strip">
      <svg
        class="bars"
        viewBox={`0 0 ${strip.days} 20`}
        preserveAspectRatio="none"
        aria-hidden="true"
        focusable="false"
      >
        {bars(strip.runs)}
      </svg>
      <p class="axis" aria-hidden="true">
        <span>{picture.ago}</span>
        <span>{picture.today}</span>
      </p>
      <ul class="told">
        {told.map((state) => (
          <li key={state} class={state}>
            <svg class="swatch" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
              <Bar state={state} x={0} width={20} />
            </svg>
            {picture.stripDays(picture.strip[state], strip.counts[state])}
          </li>
        ))}
      </ul>
      {told.length > 0 && (
        <details id={`days-${id}`}>
          <summary>{picture.stripRuns}</summary>
          <ol>
            {strip.runs.toReversed().map((run) => (
              <li key={run.from}>
                {picture.stripRun(
                  formatLocalDay(run.from, words.time),
                  formatLocalDay(run.to, words.time),
                  picture.strip[run.state],
                )}
              </li>
            ))}
          </ol>
        </details>
      )}
    </div>
  );
}

function bars(runs: readonly StripRun[]): readonly JSX.Element[] {
  let x = 0;
  return runs.map((run) => {
    const bar = <Bar key={run.from} state={run.state} x={x} width={run.days} />;
    x += run.days;
    return bar;
  });
}

function Bar({ state, x, width }: { state: StripState; x: number; width: number }): JSX.Element {
  const [top, height] = BARS[state];
  return <rect class={state} x={x} y={top} width={width} height={height} />;
}
