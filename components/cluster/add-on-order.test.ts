import assert from "node:assert/strict";
import fc from "fast-check";
import { addOnProblems, installOrder, type OrderedAddOn, orderProblems, waitsFor } from "./add-on-order.ts";

const chart = { chart: "x", repository: "https://charts.example", version: "1.2.3" };
const named = (name: string, wave: number, dependsOn: string[] = []): OrderedAddOn => ({
  name,
  wave,
  dependsOn,
  ...chart,
});

describe("order of add-ons", () => {
  it("EKS-23: each add-on waits for the whole wave before it and for what it names", () => {
    const addOns = [
      named("late", 5, ["same"]),
      named("same", 5),
      named("b", 2),
      named("c", 2),
      named("a", 1),
    ];
    assert.deepEqual(
      installOrder(addOns).map((addOn) => addOn.name),
      ["a", "b", "c", "same", "late"],
    );
    assert.deepEqual(waitsFor(named("late", 5, ["same"]), addOns), ["b", "c", "same"]);
    assert.deepEqual(waitsFor(named("a", 1), addOns), []);
    assert.deepEqual(orderProblems(addOns), []);
  });

  it("refuses unknown, later and circular dependencies, and names given twice", () => {
    assert.deepEqual(orderProblems([named("a", 1, ["ghost"]), named("b", 2)]), [
      'add-on "a" depends on the unknown add-on "ghost": known are a, b',
    ]);
    assert.deepEqual(orderProblems([named("a", 1, ["b"]), named("b", 2)]), [
      'add-on "a" of wave 1 depends on "b" of wave 2: move one of them',
    ]);
    assert.deepEqual(orderProblems([named("a", 1, ["b"]), named("b", 1, ["a"])]), [
      'add-ons "a", "b" depend on each other: break the circle',
    ]);
    assert.deepEqual(orderProblems([named("a", 1), named("a", 2)]), [
      'add-on "a" is given twice: names are unique in a cluster',
    ]);
  });

  it("refuses charts that are not pinned or come from nowhere", () => {
    assert.deepEqual(addOnProblems([{ name: "ok", wave: 1, chart: "oci://x/y", version: "v1.2.3" }]), []);
    assert.deepEqual(
      addOnProblems([
        { name: "Bad_Name", wave: 1, chart: "oci://x/y", repository: "https://z", version: "1.x" },
        { name: "plain", wave: 1, chart: "y", repository: "http://z", version: "1.0.0" },
      ]),
      [
        'add-on name "Bad_Name" is no release name: use up to 53 lower-case letters, digits and dashes',
        'add-on "Bad_Name" version "1.x" is no exact version: pin one, as "1.2.3"',
        'add-on "Bad_Name" has an oci:// chart and a repository: leave the repository out',
        'add-on "plain" has no repository: give its https:// address, or an oci:// chart',
      ],
    );
  });

  it("puts every add-on after all it waits for, whatever the graph", () => {
    const graph = fc
      .array(
        fc.record({ wave: fc.integer({ min: 1, max: 6 }), before: fc.array(fc.nat(20), { maxLength: 3 }) }),
        {
          minLength: 1,
          maxLength: 20,
        },
      )
      .map((nodes) => {
        const sorted = [...nodes].sort((a, b) => a.wave - b.wave);
        return sorted.map((node, index) =>
          named(
            `a${index}`,
            node.wave,
            node.before.filter((other) => other < index).map((other) => `a${other}`),
          ),
        );
      })
      .chain((addOns) => fc.shuffledSubarray(addOns, { minLength: addOns.length }));
    fc.assert(
      fc.property(graph, (addOns) => {
        const order = installOrder(addOns).map((addOn) => addOn.name);
        assert.equal(order.length, addOns.length);
        for (const addOn of addOns)
          for (const other of waitsFor(addOn, addOns))
            assert(order.indexOf(other) < order.indexOf(addOn.name), `${addOn.name} before ${other}`);
      }),
    );
  });
});
