import type { JSX } from "preact";
import type { Words } from "../locales/words/index.ts";
import type { Mark } from "../view-model/index.ts";

const OCTAGON = "M8 2h8l6 6v8l-6 6H8l-6-6V8z";

/** One shape a state, so that it is told apart in grey and by any colour vision; the word always stands beside it. */
const SHAPES: Readonly<Record<Mark, JSX.Element>> = {
  emergency: (
    <>
      <path class="fill" d={OCTAGON} />
      <path class="cut" d="M8 8l8 8M16 8l-8 8" />
    </>
  ),
  danger: (
    <>
      <path class="line" d={OCTAGON} />
      <path class="line" d="M8.5 8.5l7 7M15.5 8.5l-7 7" />
    </>
  ),
  attention: (
    <>
      <path class="line" d="M12 3L22 21H2z" />
      <path class="line" d="M12 9v6M12 17.5v.5" />
    </>
  ),
  unknown: (
    <>
      <circle class="line dashed" cx="12" cy="12" r="10" />
      <path class="line" d="M9 9.5a3 3 0 1 1 4.4 2.6c-.9.5-1.4 1-1.4 2M12 17v.5" />
    </>
  ),
  waiting: (
    <>
      <circle class="line" cx="12" cy="12" r="10" />
      <path class="line" d="M7 12h10" />
    </>
  ),
  none: (
    <>
      <circle class="line" cx="12" cy="12" r="10" />
      <path class="line" d="M7 12.5l3.5 3.5L17 9" />
    </>
  ),
  checking: <path class="line turning" d="M12 2a10 10 0 1 0 10 10" />,
};

export function MarkIcon({ mark }: { mark: Mark }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {SHAPES[mark]}
    </svg>
  );
}

/** Shape and word of a state; `word` says it more exactly where the page knows more. */
export function MarkChip({ mark, words, word }: { mark: Mark; words: Words; word?: string }): JSX.Element {
  return (
    <span class={`chip ${mark}`}>
      <MarkIcon mark={mark} />
      <span>{word ?? words.marks[mark]}</span>
    </span>
  );
}
