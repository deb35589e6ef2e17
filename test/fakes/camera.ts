/** A fake that is and does what its fixture says. */
import { randomBytes } from "node:crypto";
import type { Fixture, FixtureHttp, FixtureLogin, FixtureOnvif, LoginDoor } from "../../agent/model/index.ts";
import { BareFake } from "./fake.ts";
import { type Credentials, type DoorLogin, Gate, type Scheme } from "./gate.ts";
import { type Tenant, webListener, webServer } from "./http.ts";
import { mdnsResponder } from "./mdns.ts";
import { onvifTenant } from "./onvif.ts";
import { rtspServer } from "./rtsp.ts";
import { descriptionTenant, ssdpDevice } from "./ssdp.ts";
import { telnetServer } from "./telnet.ts";
import type { Place } from "./wire.ts";
import { type AnswerProbe, wsDiscoveryTarget } from "./ws-discovery.ts";

/** How a trap differs from an honest device. */
export interface Quirks {
  readonly withoutSdp?: boolean;
  readonly uriHosts?: { readonly snapshot: string; readonly stream: string };
  readonly answerProbe?: AnswerProbe;
}

export interface CameraOptions extends Place {
  readonly fixture: Fixture;
  /** Factory logins of the vendor file, in its order. */
  readonly factoryLogins: readonly Credentials[];
  /** Wrong logins over all doors after which every login is refused for half an hour. */
  readonly lockAfter?: number;
  readonly quirks?: Quirks;
}

export class Camera extends BareFake {
  readonly #options: CameraOptions;
  readonly #logins: Record<LoginDoor, DoorLogin>;

  constructor(options: CameraOptions) {
    super(options, options.lockAfter);
    this.#options = options;
    this.#logins = { http: null, rtsp: null, onvif: null };
    this.setLogins(options.fixture.logins);
  }

  override setLogins(logins: Partial<Fixture["logins"]>): void {
    for (const door of ["http", "rtsp", "onvif"] as const) {
      const login = logins[door];
      if (login !== undefined) this.#logins[door] = this.#resolve(login);
    }
  }

  override login(door: LoginDoor): DoorLogin {
    return this.#logins[door];
  }

  async start(): Promise<void> {
    const { fixture } = this.#options;
    for (const port of webPorts(fixture)) await this.#startWeb(port);
    for (const rtsp of fixture.rtsp) {
      const gate = this.#gate("rtsp", `rtsp:${rtsp.port}`, rtsp.authentication);
      const withoutSdp = this.#options.quirks?.withoutSdp === true;
      await this.wire.listen(rtsp.port, rtspServer({ rtsp, gate, withoutSdp }));
    }
    if (fixture.telnet !== undefined) {
      await this.wire.listen(fixture.telnet.port, telnetServer(fixture.telnet, this.ledger));
    }
    // Remapped ports are for loopback, where nothing may be announced.
    if (this.#options.ports !== "ephemeral") await this.#startAnnouncers();
  }

  async #startWeb(port: number): Promise<void> {
    const { fixture } = this.#options;
    const http = fixture.http.find((door) => door.port === port) ?? null;
    const { ssdp } = fixture.announces;
    const tenants: Tenant[] = fixture.onvif
      .filter((onvif) => onvif.port === port)
      .map((onvif) => this.#onvif(onvif));
    if (ssdp?.port === port) tenants.push(descriptionTenant(ssdp));
    const scheme = http?.tls === undefined ? "http" : "https";
    const gate = http === null ? null : this.#gate("http", `${scheme}:${port}`, http.authentication);
    await this.wire.listen(port, webServer(http?.tls, webListener(http, gate, tenants)));
  }

  #onvif(onvif: FixtureOnvif): Tenant {
    const { fixture, quirks } = this.#options;
    const plain = fixture.http.filter((door) => door.tls === undefined);
    const snapshotPort =
      (plain.find((door) => serves(door, onvif.snapshotPath)) ?? plain[0])?.port ?? onvif.port;
    const streamPort = fixture.rtsp[0]?.port ?? 554;
    const authentication = { schemes: ["digest-md5", "digest-sha-256"] as const, realm: "ONVIF" };
    return onvifTenant({
      onvif,
      gate: this.#gate("onvif", `onvif:${onvif.port}`, authentication),
      login: () => this.login("onvif"),
      ledger: this.ledger,
      ports: {
        onvif: () => this.wire.port(onvif.port),
        http: () => this.wire.port(snapshotPort),
        rtsp: () => this.wire.port(streamPort),
      },
      ...(quirks?.uriHosts && { uriHosts: quirks.uriHosts }),
    });
  }

  async #startAnnouncers(): Promise<void> {
    const { fixture, quirks } = this.#options;
    const { mdns, wsDiscovery, ssdp } = fixture.announces;
    if (mdns !== undefined) this.announcers.push(await mdnsResponder(mdns, this.#options));
    if (wsDiscovery !== undefined) {
      this.announcers.push(await wsDiscoveryTarget(wsDiscovery, this.#options, quirks?.answerProbe));
    }
    if (ssdp !== undefined) this.announcers.push(await ssdpDevice(ssdp, this.#options));
  }

  #gate(
    door: LoginDoor,
    name: string,
    authentication: { readonly schemes: readonly Scheme[]; readonly realm: string } | undefined,
  ): Gate {
    return new Gate({
      door: name,
      schemes: authentication?.schemes ?? [],
      realm: authentication?.realm ?? "",
      qop: door !== "rtsp",
      login: () => this.login(door),
      ledger: this.ledger,
    });
  }

  #resolve(login: FixtureLogin): DoorLogin {
    const { factoryLogins, fixture } = this.#options;
    if (login === "none") return null;
    if (login === "any") return login;
    if (login === "changed") {
      return { user: factoryLogins[0]?.user || "admin", password: randomBytes(12).toString("hex") };
    }
    const factory = factoryLogins[login];
    if (factory === undefined) throw new Error(`no factory login ${login} for ${fixture.expected.vendor}`);
    return factory;
  }
}

function webPorts({ http, onvif, announces }: Fixture): readonly number[] {
  const ports = [...http, ...onvif].map((door) => door.port);
  return [...new Set(announces.ssdp === undefined ? ports : [...ports, announces.ssdp.port])];
}

function serves(door: FixtureHttp, snapshotPath: string | undefined): boolean {
  return door.routes.some((route) => route.path === snapshotPath?.split("?")[0]);
}
