/** The control protocol: one JSON command a line, one JSON answer a line. */
import type { Fixture } from "../../agent/model/index.ts";
import type { FakeDevice } from "./fake.ts";

type Command =
  | { readonly do: "set"; readonly logins: Partial<Fixture["logins"]> }
  | { readonly do: "announce" }
  | { readonly do: "bye" }
  | { readonly do: "state" };

export function obey(device: FakeDevice, line: string): string {
  try {
    return JSON.stringify(execute(device, JSON.parse(line) as Command));
  } catch (error) {
    return JSON.stringify({ ok: false, error: error instanceof Error ? error.message : String(error) });
  }
}

function execute(device: FakeDevice, command: Command): object {
  switch (command.do) {
    case "set":
      device.setLogins(command.logins);
      return { ok: true };
    case "announce":
      device.announce();
      return { ok: true };
    case "bye":
      device.bye();
      return { ok: true };
    case "state":
      return device.state();
    default:
      throw new Error("unknown command");
  }
}
