using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.States;

namespace ServiceProviderOcm.Tests.Builders;

/// <summary>Reads and asserts plans and statuses.</summary>
internal static class PlanReading
{
    public static string[] Steps(this ReconcilePlan plan) => [.. plan.Steps.Select(step => $"{step.Cluster}: {step.Description}")];

    public static ApplyStep Apply(this ReconcilePlan plan, string kind) =>
        plan.Steps.OfType<ApplyStep>().Single(step => step.Kind.Kind == kind);

    public static PatchStep Patch(this ReconcilePlan plan, string kind) =>
        plan.Steps.OfType<PatchStep>().Single(step => step.Kind.Kind == kind);

    public static void Reports(this ReconcilePlan plan, string reason, Phase phase, Health health, params string[] words) =>
        plan.Status.Reports(reason, phase, health, words);

    public static void DoesNothing(this ReconcilePlan plan, OcmState state)
    {
        Assert.That((plan.Steps.Count, plan.Status.State, plan.Status.Health), Is.EqualTo((0, state, Health.Unreported)));
        Assert.That(plan.ControlPlaneScope, Is.EqualTo(ControlPlaneScope.Unchanged));
    }

    public static void Reports(this ReadyStatus status, string reason, Phase phase, Health health, params string[] words)
    {
        Assert.That((status.Reason, status.Phase, status.Health), Is.EqualTo((reason, phase, health)), status.Message);
        foreach (var word in words)
        {
            Assert.That(status.Message, Does.Contain(word));
        }

        Assert.That(status.Message, Does.EndWith(".").Or.Contain(": "));
    }

    public static void IsJson(System.Text.Json.JsonElement actual, string expected) => Assert.That(
        JsonNode.DeepEquals(JsonNode.Parse(actual.GetRawText()), JsonNode.Parse(expected)), Is.True, actual.GetRawText());
}
