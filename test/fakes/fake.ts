/** What all fakes have in common, cameras and traps alike. */
import type { Fixture, LoginDoor } from "../../agent/model/index.ts";
import type { DoorLogin } from "./gate.ts";
import { type Attempt, Ledger } from "./ledger.ts";
import type { Announcer } from "./multicast.ts";
import { type Place, Wire } from "./wire.ts";

export interface DeviceState {
  readonly attempts: readonly Attempt[];
  readonly wrong: number;
  readonly locked: boolean;
  readonly connections: { readonly total: number; readonly peak: number };
  /** Over TCP. */
  readonly bytesOut: number;
}

export interface FakeDevice {
  /** Port of the fixture -> port really listened on. */
  readonly ports: ReadonlyMap<number, number>;
  state(): DeviceState;
  /** Mends (or spoils) the camera. Throws for a door's factory login that the vendor file lacks. */
  setLogins(logins: Partial<Fixture["logins"]>): void;
  /** What the door wants now. */
  login(door: LoginDoor): DoorLogin;
  announce(): void;
  bye(): void;
  close(): Promise<void>;
}

/** A fake without logins; `startDevice` builds on it. */
export class BareFake {
  readonly wire: Wire;
  readonly ledger: Ledger;
  readonly announcers: Announcer[] = [];

  constructor(place: Place, lockAfter?: number) {
    this.wire = new Wire(place);
    this.ledger = new Ledger(lockAfter);
  }

  get ports(): ReadonlyMap<number, number> {
    return this.wire.ports;
  }

  state(): DeviceState {
    const { attempts, wrong, locked } = this.ledger;
    return { attempts, wrong, locked, connections: this.wire.connections, bytesOut: this.wire.bytesOut };
  }

  setLogins(_logins: Partial<Fixture["logins"]>): void {
    throw new Error("this fake has no logins");
  }

  login(_door: LoginDoor): DoorLogin {
    return null;
  }

  announce(): void {
    for (const announcer of this.announcers) announcer.announce();
  }

  bye(): void {
    for (const announcer of this.announcers) announcer.bye();
  }

  async close(): Promise<void> {
    await Promise.all(this.announcers.map((announcer) => announcer.close()));
    await this.wire.close();
  }
}
