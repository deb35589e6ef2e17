import type { JSX } from "preact";
import type { PartProps } from "../parts/frame.tsx";
import type { ProblemPage } from "../view-model/index.ts";

export function Problem({ words, page }: PartProps & { page: ProblemPage }): JSX.Element {
  const problem = words.problems[page.problem];
  return (
    <>
      <h1>{problem.title}</h1>
      <p>{problem.text}</p>
      <p>
        <a href="/">{words.common.backToStatus}</a>
      </p>
    </>
  );
}
