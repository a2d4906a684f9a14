using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Telemetry;

public sealed class FleetHealthTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void OCMs_that_are_not_Ready_have_the_reason_of_their_Ready_condition()
    {
        var reasons = FleetHealth.ReasonsNotReady(
            [Ocm("True", "ReconcileSuccess"), Ocm("False", "Contested"), Ocm("Unknown", "ControlPlanePending"), Ocm()]);

        Assert.That(reasons, Is.EqualTo(["Contested", "ControlPlanePending", null]));
    }

    [TestCase(0)]
    [TestCase(48, null, "2026-01-31T10:00:00Z", "2026-01-29T12:00:00Z")]
    [TestCase(0, null, "2026-01-31T12:00:01Z")]
    public void The_longest_deletion_is_the_one_that_was_requested_first(int hours, params string?[] deletions)
    {
        var ocms = deletions.Select(deleted => Ocm(deleted: deleted));

        Assert.That(FleetHealth.LongestDeletion(ocms, Now), Is.EqualTo(TimeSpan.FromHours(hours)));
    }

    [TestCase("old", "old", "new", ExpectedResult = 2)]
    [TestCase("new", "removed", null, ExpectedResult = 0)]
    public int OCMs_with_a_version_that_the_catalogue_deprecates_count(params string?[] versions)
    {
        var config = An.Config("""
            {
              "versions": [
                { "version": "old", "chartVersion": "1.0.0", "deprecated": { "replacement": "new" } },
                { "version": "new", "chartVersion": "2.0.0" }
              ]
            }
            """);

        return FleetHealth.Deprecated(config, versions.Select(version => KubeObject.From(new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "mcp-01" },
            ["spec"] = new JsonObject { ["version"] = version },
        })));
    }

    private static KubeObject Ocm(string? ready = null, string? reason = null, string? deleted = null) => KubeObject.From(new JsonObject
    {
        ["metadata"] = new JsonObject { ["name"] = "mcp-01", ["deletionTimestamp"] = deleted },
        ["status"] = new JsonObject
        {
            ["conditions"] = ready is null
                ? new JsonArray()
                : new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = ready, ["reason"] = reason }),
        },
    });
}
