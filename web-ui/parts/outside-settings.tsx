import type { ComponentChildren, JSX } from "preact";
import type { SwitchWords } from "../locales/words/outside.ts";
import { formatStamp } from "../time.ts";
import type { OutsidePage } from "../view-model/index.ts";
import type { PartProps } from "./frame.tsx";

type SettingsProps = PartProps & { readonly settings: OutsidePage["settings"] };

/** What is told to whom is said before each switch, and everybody may read it; only the people of the place may change it. */
export function Switches({ frame, words, settings }: SettingsProps): JSX.Element {
  const { outside } = words;
  const body = <Fields frame={frame} words={words} settings={settings} />;
  return (
    <section id="switches">
      <h2>{outside.switchesTitle}</h2>
      <p>{outside.switchesWhy}</p>
      {frame.mayDecide ? (
        <form method="post" action="/outside">
          {body}
          <label>
            {outside.by}
            <input name="by" required maxLength={60} autocomplete="name" />
          </label>
          <button type="submit">{outside.save}</button>
        </form>
      ) : (
        <>
          <p class="box">{outside.switchesWho}</p>
          {body}
        </>
      )}
    </section>
  );
}

function Fields({ frame, words, settings }: SettingsProps): JSX.Element {
  const { outside } = words;
  const { vantage } = outside;
  return (
    <>
      <Switch frame={frame} words={words} name="hairpin" on={settings.hairpin} of={outside.hairpin} />
      <fieldset>
        <legend>{vantage.name}</legend>
        <p>{vantage.what}</p>
        <p>{vantage.disclosed}</p>
        <p>
          <b>{settings.vantage ? outside.on : outside.off}</b>{" "}
          {settings.vantage && <bdi>{vantage.at(settings.vantage)}</bdi>}
        </p>
        {frame.mayDecide && (
          <>
            {settings.vantage && (
              <label class="tick">
                <input type="checkbox" name="vantage-stop" value="yes" />
                <span>{vantage.stop}</span>
              </label>
            )}
            <label>
              {vantage.paste}
              <input
                name="vantage"
                maxLength={400}
                autocomplete="off"
                spellcheck={false}
                aria-describedby="vantage-help"
              />
            </label>
            <p id="vantage-help">{vantage.pasteHelp}</p>
          </>
        )}
      </fieldset>
      <Switch
        frame={frame}
        words={words}
        name="internetdb"
        on={settings.internetdb}
        of={outside.internetdb}
      />
      <Switch
        frame={frame}
        words={words}
        name="ownAddress"
        on={settings.ownAddress}
        of={outside.ownAddress}
        label={outside.ownAddress.sure}
      />
    </>
  );
}

function Switch({
  frame,
  words,
  name,
  on,
  of,
  label,
}: PartProps & { name: string; on: boolean; of: SwitchWords; label?: string }): JSX.Element {
  return (
    <fieldset>
      <legend>{of.name}</legend>
      <p>{of.what}</p>
      <p>{of.disclosed}</p>
      {frame.mayDecide ? (
        <label class="tick">
          <input type="checkbox" name={name} value="yes" checked={on} />
          <span>{label ?? words.outside.use}</span>
        </label>
      ) : (
        <p>
          <b>{on ? words.outside.on : words.outside.off}</b>
        </p>
      )}
    </fieldset>
  );
}

/** Our own packet filter: read before it is put in place, taken away by one press. */
export function Guard({ frame, words, guard }: PartProps & { guard: OutsidePage["guard"] }): JSX.Element {
  const { outside, time } = words;
  const { because, applied, preview } = guard;
  return (
    <section id="guard">
      <h2>{outside.guardTitle}</h2>
      <p>{outside.guardWhat}</p>
      <p>
        {applied ? (
          <bdi>{outside.guardApplied(applied.by, formatStamp(applied.at, time))}</bdi>
        ) : (
          outside.guardOff
        )}
      </p>
      {because && (
        <div class="box">
          <p>{outside.guardBecause[because]}</p>
          <p>{outside.guardHint}</p>
        </div>
      )}
      {because === null && preview === null && <p>{outside.guardNoRules}</p>}
      {because === null && preview !== null && (
        <>
          <details id="guard-rules" open={frame.technical}>
            <summary>{outside.guardPreview}</summary>
            <pre>{preview}</pre>
          </details>
          <p>{outside.guardKept}</p>
        </>
      )}
      {because === null && preview !== null && !applied && (
        <Press frame={frame} words={words} action="/outside/guard/apply">
          {outside.guardApply}
        </Press>
      )}
      {applied && (
        <Press frame={frame} words={words} action="/outside/guard/remove">
          {outside.guardRemove}
        </Press>
      )}
    </section>
  );
}

function Press({
  frame,
  words,
  action,
  children,
}: PartProps & { action: string; children: ComponentChildren }): JSX.Element {
  const { outside } = words;
  if (!frame.mayDecide) return <p class="box">{outside.switchesWho}</p>;
  return (
    <form class="box" method="post" action={action}>
      <label>
        {outside.by}
        <input name="by" required maxLength={60} autocomplete="name" />
      </label>
      <button type="submit">{children}</button>
    </form>
  );
}
