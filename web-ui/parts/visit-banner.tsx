import type { JSX } from "preact";
import { formatTime } from "../time.ts";
import type { PartProps } from "./frame.tsx";

/** On every page while a maintenance visit goes on, so that nobody forgets to end it. */
export function VisitBanner({ frame, words }: PartProps): JSX.Element | null {
  if (!frame.visit) return null;
  const { company, since } = frame.visit;
  return (
    <aside class="notice visiting" aria-label={words.visit.title}>
      <bdi>{words.visit.goingOn(company, formatTime(since, frame.now, words.time))}</bdi>{" "}
      <a class="way" href="/visit">
        {words.visit.open}
      </a>
    </aside>
  );
}
