using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Model;

namespace ServiceProviderOcm.Tests.Plan;

/// <summary>Reads plans the way the tests speak of them.</summary>
internal static class PlanReading
{
    public static string[] Steps(this ReconcilePlan plan) => [.. plan.Steps.Select(step => $"{step.Cluster}: {step.Description}")];

    public static ApplyStep Apply(this ReconcilePlan plan, string kind) =>
        plan.Steps.OfType<ApplyStep>().Single(step => step.Kind.Kind == kind);

    public static PatchStep Patch(this ReconcilePlan plan, string kind) =>
        plan.Steps.OfType<PatchStep>().Single(step => step.Kind.Kind == kind);

    public static void Says(this ReconcilePlan plan, string reason, Phase phase, Severity severity, params string[] words) =>
        (plan.Verdict ?? throw new AssertionException("the plan has no verdict")).Says(reason, phase, severity, words);

    public static void Says(this Verdict verdict, string reason, Phase phase, Severity severity, params string[] words)
    {
        Assert.That((verdict.Reason, verdict.Phase, verdict.Severity), Is.EqualTo((reason, phase, severity)), verdict.Message);
        foreach (var word in words)
        {
            Assert.That(verdict.Message, Does.Contain(word));
        }

        Assert.That(verdict.Message, Does.EndWith(".").Or.Contain(": "));
    }

    public static void IsJson(System.Text.Json.JsonElement actual, string expected) => Assert.That(
        JsonNode.DeepEquals(JsonNode.Parse(actual.GetRawText()), JsonNode.Parse(expected)), Is.True, actual.GetRawText());
}
