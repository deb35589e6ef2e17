import type { JSX } from "preact";
import type { PartProps } from "../parts/frame.tsx";
import type { MessagePage } from "../view-model/index.ts";

interface Props extends PartProps {
  readonly page: MessagePage;
}

/** Columns of half-width letters that fit a phone; a guess for the height, which newer browsers measure themselves. */
const COLUMNS = 36;

/** A letter to copy or print. The script only adds the copying; by hand it goes as well. */
export function Message({ words, page }: Props): JSX.Element {
  const { message } = words;
  return (
    <article class="message">
      <h1>{message.title}</h1>
      <div class="screen-only">
        <p>{page.title}</p>
        <p>{message.why}</p>
        <p>{message.withheld}</p>
        {page.blanks && <p>{message.blanks}</p>}
        <p class="with-script buttons">
          <button type="button" data-copy="letter" data-done={message.copied} data-failed={message.notCopied}>
            {message.copy}
          </button>
          <button class="quiet" type="button" data-print>
            {message.print}
          </button>
        </p>
        <p id="letter-copied" class="copied" role="status" />
        <p class="without-script">{message.copyByHand}</p>
        <label>
          {message.label}
          <textarea id="letter" readOnly rows={rowsOf(page.letter)} value={page.letter} />
        </label>
        <p class="links">
          <a href={`/findings/${page.finding}`}>{message.back}</a>
        </p>
      </div>
      <div class="paper-only">{page.letter}</div>
    </article>
  );
}

function rowsOf(letter: string): number {
  const width = (line: string) =>
    [...line].reduce((sum, character) => sum + (character > "\u00ff" ? 2 : 1), 0);
  return letter.split("\n").reduce((sum, line) => sum + Math.max(1, Math.ceil(width(line) / COLUMNS)), 0);
}
