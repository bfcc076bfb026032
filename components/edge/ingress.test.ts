import assert from "node:assert/strict";
import fc from "fast-check";
import { forwardAction, type IngressSettings, ingressProblems } from "./ingress.ts";

const GOOD: IngressSettings = {
  name: "ingress",
  region: "us-east-1",
  domain: "example.com",
  exposure: "cloudfront",
  originHeaderName: "x-origin-key",
  originHeaderValueCount: 1,
  targetPort: 8443,
  slots: [{ name: "main", weight: 100 }],
};
const problems = (change: Partial<IngressSettings>): string[] => ingressProblems({ ...GOOD, ...change });

describe("ingress", () => {
  it("EDGE-07: any division of 100 percent between two sprint slots is accepted and forwarded as it is", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), (even) => {
        const slots = [
          { name: "even", weight: even },
          { name: "odd", weight: 100 - even },
        ];
        assert.deepEqual(problems({ slots }), []);
        const targets = slots.map(({ name, weight }) => ({ arn: name, weight }));
        assert.deepEqual(forwardAction(targets), { type: "forward", forward: { targetGroups: targets } });
      }),
    );
  });

  it("one slot takes everything", () => {
    assert.deepEqual(problems({}), []);
    assert.deepEqual(forwardAction([{ arn: "main", weight: 100 }]), {
      type: "forward",
      targetGroupArn: "main",
    });
  });

  it("a slot is named once", () => {
    assert.deepEqual(
      problems({
        slots: [
          { name: "even", weight: 50 },
          { name: "even", weight: 50 },
        ],
      }),
      ['slots[1].name: "even" is listed twice; name every slot once'],
    );
    assert.deepEqual(problems({ slots: [] }), ["slots: the weights sum to 0; make them sum to 100"]);
  });

  it("the names that ELB gets leave room for what Pulumi adds", () => {
    assert.deepEqual(problems({ name: "the-entry-of-a-region", slots: [{ name: "a", weight: 100 }] }), [
      'name: "the-entry-of-a-region-alb" is longer than the 24 characters that a load balancer\'s name has room for',
    ]);
  });

  it("the origin header needs a name and up to three values", () => {
    assert.deepEqual(problems({ originHeaderName: "X Origin", originHeaderValueCount: 4 }), [
      'originHeaderName: "X Origin" may hold up to 40 letters, digits and hyphens',
      "originHeaderValues: length: 4 is not a whole number from 1 to 3; give the current value, and the next one while it is changed",
    ]);
    assert.deepEqual(
      problems({ exposure: "internet", originHeaderName: undefined, originHeaderValueCount: 0 }),
      [],
    );
  });
});
