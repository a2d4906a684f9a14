using System.Text.Json.Nodes;
using ServiceProviderOcm.Packaging.Oci;

namespace ServiceProviderOcm.Packaging.Documents;

/// <summary>How the image was built: an in-toto statement with a predicate of SLSA 1. It has no time of the run, so that runs are identical.</summary>
public static class Provenance
{
    /// <param name="facts">The version.</param>
    /// <param name="digest">The digest of the image.</param>
    /// <param name="inputs">What the image was made of.</param>
    /// <param name="builder">Who builds: the URL of the workflow, or of the script.</param>
    /// <param name="invocation">The URL of the run; null for a local one.</param>
    /// <exception cref="InvalidDataException">A tool is not <c>NAME=VERSION</c>.</exception>
    public static JsonObject Create(VersionFacts facts, string digest, BuildInputs inputs, Uri builder, Uri? invocation)
    {
        var metadata = invocation is null ? null : new JsonObject { ["invocationId"] = invocation.OriginalString };
        var run = new JsonObject { ["builder"] = new JsonObject { ["id"] = builder.OriginalString } };
        if (metadata is not null)
        {
            run["metadata"] = metadata;
        }

        return new JsonObject
        {
            ["_type"] = "https://in-toto.io/Statement/v1",
            ["subject"] = new JsonArray(new JsonObject { ["name"] = facts.Image, ["digest"] = Sha256(digest) }),
            ["predicateType"] = "https://slsa.dev/provenance/v1",
            ["predicate"] = new JsonObject
            {
                ["buildDefinition"] = new JsonObject
                {
                    ["buildType"] = $"{facts.Source.OriginalString}/scripts/release@v1",
                    ["externalParameters"] = new JsonObject
                    {
                        ["source"] = facts.Source.OriginalString,
                        ["revision"] = facts.Revision,
                        ["version"] = facts.Version,
                        ["image"] = facts.Image,
                    },
                    ["resolvedDependencies"] = Dependencies(facts, inputs),
                },
                ["runDetails"] = run,
            },
        };
    }

    private static JsonArray Dependencies(VersionFacts facts, BuildInputs inputs)
    {
        var baseImage = new JsonObject { ["name"] = "base image", ["digest"] = Sha256(inputs.BaseDigest) };
        if (inputs.BaseName is not null)
        {
            baseImage["uri"] = $"docker://{inputs.BaseName}";
        }

        return
        [
            new JsonObject
            {
                ["uri"] = $"git+{facts.Source.OriginalString}@{facts.Revision}",
                ["digest"] = new JsonObject { ["gitCommit"] = facts.Revision },
            },
            baseImage,
            new JsonObject { ["name"] = "packages.image.lock.json", ["digest"] = Sha256(Digests.Of(inputs.LockFile)) },
            Generic(".NET SDK", "dotnet-sdk", inputs.Sdk),
            .. inputs.Tools.Select(Tool),
        ];
    }

    private static JsonObject Tool(string tool) => tool.Split('=', 2) is [{ Length: > 0 } name, { Length: > 0 } version]
        ? Generic(name, name, version)
        : throw new InvalidDataException($"The tool \"{tool}\" is not NAME=VERSION");

    private static JsonObject Generic(string name, string package, string version) =>
        new() { ["name"] = name, ["uri"] = $"pkg:generic/{Uri.EscapeDataString(package)}@{Uri.EscapeDataString(version)}" };

    private static JsonObject Sha256(string digest) => new() { ["sha256"] = Digests.Hex(digest) };
}
