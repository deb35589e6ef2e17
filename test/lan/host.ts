import type { Fixture, FixtureLogin, LoginDoor } from "../../agent/model/index.ts";
import type { DeviceState } from "../fakes/fake.ts";
import type { CastMember } from "./cast-member.ts";
import { DROP_EVERYTHING } from "./packet-filters.ts";
import { type RealServer, startReal, VENDORS, withoutReal } from "./real-servers.ts";
import { Service } from "./service.ts";
import { portOf, ROUTER, type Station, ulaOf } from "./topology.ts";
import { readdressCommands } from "./topology-script.ts";
import type { World } from "./world.ts";

/** What a host can be told; each is answered by the fake that plays it. */
export type ControlMessage =
  | { readonly do: "set"; readonly logins: Partial<Record<LoginDoor, FixtureLogin>> }
  | { readonly do: "announce" }
  | { readonly do: "bye" };

/** One device of the cast on its own network namespace. */
export class Host {
  readonly member: CastMember;
  readonly mac: string;
  readonly #world: World;
  readonly #bin: string;
  readonly #real: ReadonlySet<RealServer>;
  #address: string;
  #fake: Service | null = null;
  #servers: Service[] = [];

  constructor(world: World, member: CastMember, real: ReadonlySet<RealServer>, bin: string) {
    this.#world = world;
    this.member = member;
    this.mac = member.mac;
    this.#address = member.address;
    this.#real = real;
    this.#bin = bin;
  }

  get name(): string {
    return this.member.name;
  }

  get address(): string {
    return this.#address;
  }

  /** Starts the device's programs and plugs its cable in; resolves when they serve. */
  async start(): Promise<void> {
    const { fixture, trap, firewall } = this.member;
    if (firewall === "drop") await this.#world.run(this.name, ["nft", "-f", "-"], DROP_EVERYTHING);
    await this.#cable("up");
    if (fixture !== undefined) await this.#startFixture(fixture);
    else if (trap !== undefined) await this.#startFake({ trap });
  }

  async #startFixture(fixture: Fixture): Promise<void> {
    const station: Station = { name: this.name, address: this.#address, mac: this.mac };
    const real = (this.member.real ?? []).filter((server) => this.#real.has(server));
    const rest = real.reduce((left, server) => withoutReal(server, left), fixture);
    const starting = real.map((server) => startReal(server, this.#world, station, fixture));
    if (servesAnything(rest)) {
      const file = `/run/lan/fixtures/${this.name}.json`;
      this.#world.write(file, JSON.stringify(rest));
      await this.#startFake({ fixture: file });
    }
    this.#servers = await Promise.all(starting);
  }

  async #startFake(plays: { readonly fixture: string } | { readonly trap: string }): Promise<void> {
    const command = {
      ...plays,
      address: this.#address,
      address6: ulaOf(this.#address),
      interface: "eth0",
      vendors: VENDORS,
      router: ROUTER.lan,
      ...(this.member.lockAfter !== undefined && { lockAfter: this.member.lockAfter }),
      ...(this.member.answersAfterMs !== undefined && { answersAfterMs: this.member.answersAfterMs }),
    };
    const argv = [process.execPath, `${this.#bin}/device.mjs`, JSON.stringify(command)];
    this.#fake = await Service.start(this.#world, this.name, argv, { line: /^ready$/ });
  }

  /** Pulls the plug: no process, no link. */
  async stop(): Promise<void> {
    await this.#cable("down");
    await Promise.all([this.#fake, ...this.#servers].map((service) => service?.stop()));
    this.#fake = null;
    this.#servers = [];
  }

  /** Comes back under another address, as after a new DHCP lease. */
  async moveTo(address: string): Promise<void> {
    await this.stop();
    const commands = readdressCommands(this.#address, address);
    await this.#world.run(null, ["ip", "-n", this.name, "-batch", "-"], commands);
    this.#address = address;
    await this.start();
  }

  async #cable(state: "up" | "down"): Promise<void> {
    await this.#world.run(null, ["ip", "link", "set", portOf(this.name), state]);
  }

  async control(message: ControlMessage): Promise<void> {
    const answer = await this.#ask(message);
    if (answer.ok !== true) throw new Error(`${this.name}: ${answer.error}`);
  }

  /** What the device saw: login attempts, connections, bytes. */
  async state(): Promise<DeviceState> {
    return (await this.#ask({ do: "state" })) as unknown as DeviceState;
  }

  async #ask(message: object): Promise<{ readonly ok?: boolean; readonly error?: string }> {
    if (this.#fake === null) throw new Error(`${this.name} is not played by a fake, or is stopped`);
    return (await this.#fake.control(message)) as { readonly ok?: boolean; readonly error?: string };
  }

  /** True when a fake plays at least a part of it, so that `control` and `state` work. */
  get controllable(): boolean {
    return this.#fake !== null;
  }
}

function servesAnything({ http, rtsp, onvif, telnet, announces }: Fixture): boolean {
  const doors = http.length + rtsp.length + onvif.length;
  return doors > 0 || telnet !== undefined || Object.values(announces).some((each) => each !== undefined);
}
