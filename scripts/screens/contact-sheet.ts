import type { Language } from "../../agent/model/index.ts";

export interface Picture {
  /** Name of the page or state; the pictures of one state stand together. */
  readonly state: string;
  readonly language: Language;
  readonly look: string;
  /** In the album's folder. */
  readonly file: string;
}

const STYLE = `
  body { font: 16px/1.5 system-ui, sans-serif; margin: 1rem; background: #777; color: #fff }
  section { border-top: 1px solid #bbb; margin-top: 1.5rem }
  .row { display: flex; gap: .75rem; overflow-x: auto; align-items: flex-start; padding-bottom: .5rem }
  figure { margin: 0; flex: none }
  img { display: block; width: 240px; background: #fff }
  img[src*=desktop], img[src*=tablet], img[src*=print] { width: 400px }
  a { color: #fff }
  nav a { margin-right: .75rem; white-space: nowrap }
`;

/** A page of all pictures, a section each state, a row each language. It needs nothing but the files beside it. */
export function contactSheet(title: string, pictures: readonly Picture[]): string {
  const states = [...new Set(pictures.map(({ state }) => state))];
  const links = states.map((state) => `<a href="#${text(state)}">${text(state)}</a>`);
  const sections = states.map((state) =>
    section(
      state,
      pictures.filter((one) => one.state === state),
    ),
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${text(title)}</title>
<style>${STYLE}</style>
<h1>${text(title)}</h1>
<nav>${links.join("\n")}</nav>
${sections.join("\n")}
</html>
`;
}

function section(state: string, pictures: readonly Picture[]): string {
  const languages = [...new Set(pictures.map(({ language }) => language))];
  const rows = languages.map((language) => {
    const figures = pictures.filter((one) => one.language === language).map(figure);
    return `<div class="row">${figures.join("\n")}</div>`;
  });
  return `<section id="${text(state)}"><h2>${text(state)}</h2>\n${rows.join("\n")}</section>`;
}

function figure({ state, language, look, file }: Picture): string {
  const name = `${state}, ${language}, ${look}`;
  const inside = file.endsWith(".pdf")
    ? "PDF"
    : `<img loading="lazy" src="${text(file)}" alt="${text(name)}">`;
  return `<figure><a href="${text(file)}">${inside}</a><figcaption>${text(language)} ${text(look)}</figcaption></figure>`;
}

function text(value: string): string {
  return value.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
