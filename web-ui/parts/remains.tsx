import type { JSX } from "preact";
import { formatDate } from "../time.ts";
import type { Remaining } from "../view-model/index.ts";
import type { PartProps } from "./frame.tsx";
import { MarkChip } from "./mark.tsx";

/** What is left to do: how bad, what, who acts first, by when. */
export function Remains({ words, remaining }: PartProps & { remaining: readonly Remaining[] }): JSX.Element {
  const { end } = words.setup;
  if (remaining.length === 0) return <p>{end.nothing}</p>;
  const by = (due: Remaining["due"]): string => {
    if (due === "now") return end.now;
    const date = formatDate(due.on, words.time);
    return due.overdue ? end.overdue(date) : end.by(date);
  };
  return (
    <>
      <p>{end.order}</p>
      <ol class="cards remains">
        {remaining.map(({ mark, title, href, actors, due }) => (
          <li key={`${href} ${mark}`} class={`card edge ${mark}`}>
            <a href={href}>
              <MarkChip mark={mark} words={words} /> <b>{title}</b>
            </a>
            <p>
              {actors.map((actor) => (
                <span key={actor} class="actor">
                  {words.actors[actor]}
                </span>
              ))}{" "}
              <b>{by(due)}</b>
            </p>
          </li>
        ))}
      </ol>
    </>
  );
}
