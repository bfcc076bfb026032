import assert from "node:assert/strict";
import fc from "fast-check";
import { Certificate, ownedNames } from "./certificate.ts";
import { MODES, named, ofType, pick, planIn, refusal, sources } from "./planned-edge.ts";

const RECORD = "route53/record:Record";
const ISSUED = "acm/certificateValidation:CertificateValidation";

describe("validation records", () => {
  const label = fc.stringMatching(/^[a-z]{1,8}$/);
  const name = fc
    .tuple(fc.boolean(), label)
    .map(([wildcard, text]) => `${wildcard ? "*." : ""}${text}.example.com`);
  const names = fc.uniqueArray(name, { minLength: 1 });

  it("are one for a name and its wildcard", () => {
    assert.deepEqual(ownedNames(["example.com", "*.example.com"], []), ["example.com"]);
    fc.assert(
      fc.property(names, (all) => {
        const owned = ownedNames(all, []);
        assert.equal(new Set(owned).size, owned.length);
        assert.deepEqual(new Set(owned), new Set(all.map((each) => each.replace("*.", ""))));
      }),
    );
  });

  it("have one owner, however names are divided between stacks", () => {
    fc.assert(
      fc.property(names, names, (mine, theirs) => {
        const global = ownedNames(theirs, []);
        const region = ownedNames([...mine, ...theirs], theirs);
        assert.deepEqual(
          region.filter((each) => global.includes(each)),
          [],
        );
        assert.deepEqual(new Set([...region, ...global]), new Set(ownedNames([...mine, ...theirs], [])));
      }),
    );
  });
});

for (const mode of MODES) {
  describe(`Certificate, ${mode}`, () => {
    it("SEC-09: waits until its own proof is in DNS and ACM has issued it", async () => {
      const plan = await planIn("us-east-1", mode, (opts) => {
        const certificate = new Certificate(
          "edge",
          { domainName: "example.com", subjectAlternativeNames: ["*.example.com"], zoneId: "Z1D633PJN98FT9" },
          opts,
        );
        return { arn: certificate.certificateArn };
      });
      const [proof, ...others] = ofType(plan, RECORD);
      assert.deepEqual(others, []);
      assert(proof !== undefined);
      assert.equal(proof.name, "edge-validation-example.com");
      assert.deepEqual(pick(proof, "ttl", "zoneId", "allowOverwrite"), {
        ttl: 300,
        zoneId: "Z1D633PJN98FT9",
      });
      for (const part of ["name", "type", "records"])
        assert.deepEqual(sources(proof, part), ["edge-certificate"]);
      const issued = named(plan, ISSUED, "edge-issued");
      assert.deepEqual(sources(issued, "certificateArn"), ["edge-certificate"]);
      assert(issued.dependencies.includes(proof.urn));
      assert.deepEqual(issued.options.customTimeouts, { create: "20m" });
      if (mode === "update") {
        assert.match(String(proof.inputs["name"]), /^_[0-9a-f]+\.example\.com\.?$/);
        assert.equal(proof.inputs["type"], "CNAME");
      }
    });
  });
}

describe("Certificate, refusals", () => {
  it("lists every wrong argument in one error", async () => {
    const lines = await refusal(
      (opts) =>
        new Certificate(
          "edge",
          { domainName: "**.example.com", validatedElsewhere: ["*.example.com"], zoneId: "Z1" },
          opts,
        ),
    );
    assert.deepEqual(lines, [
      'Certificate "edge":',
      '  domainName: "**.example.com" is not a DNS name; write it like example.com or *.example.com',
      '  validatedElsewhere: "*.example.com" is not a name of this certificate; remove it',
    ]);
  });
});
