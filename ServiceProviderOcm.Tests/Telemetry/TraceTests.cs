using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Telemetry;

[Category("Sandbox")]
[NonParallelizable]
public sealed class TraceTests
{
    private const string Http = "System.Net.Http";

    private readonly ConcurrentQueue<Activity> _spans = [];

    [Test]
    public async Task A_reconciliation_is_one_trace_from_the_event_to_the_writes_on_all_clusters()
    {
        await using var world = await ProviderWorld.InSandboxAsync();
        await world.PullSecretAsync();
        await world.ConfigureAsync(new JsonObject
        {
            ["chartURL"] = "registry.example.com/charts/toolkit",
            ["pollInterval"] = "1h",
            ["values"] = ToolkitValues.WithPullSecret(),
        });
        using (Listen())
        {
            world.StartController();
            await world.ReadyTenantAsync();
            await Eventually.Async(async () => (await world.PlacedAsync()).Count > 0, "the image pull secret is on the control plane");
            await world.StopControllerAsync();
            await Eventually.Async(
                () => Task.FromResult(Named("apply to control plane").All(turn => Named("reconcile ocm").Any(span => span.SpanId == turn.ParentSpanId))),
                "all reconciliations have ended");
        }

        var reconciliations = Named("reconcile ocm").OrderBy(span => span.StartTimeUtc).ToList();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(reconciliations.Select(span => span.GetTagItem("reconcile.reasons")), Has.All.Not.Null.And.Some.Contains("OcmChanged"));
            Assert.That(reconciliations.Select(span => span.ParentId), Is.All.Null);
            Assert.That(reconciliations.Select(span => span.TraceId), Is.Unique);
        }

        // The time in the queue is the beginning of each.
        foreach (var reconciliation in reconciliations)
        {
            var queued = Named("wait in queue").Single(span => span.ParentSpanId == reconciliation.SpanId);
            Assert.That(queued.StartTimeUtc, Is.EqualTo(reconciliation.StartTimeUtc));
            Assert.That(queued.Duration, Is.LessThanOrEqualTo(reconciliation.Duration));
        }

        Assert.That(Writes(world.Platform, reconciliations), Is.Not.Empty, "writes on the platform cluster");
        Assert.That(Writes(world.Onboarding, reconciliations), Is.Not.Empty, "writes on the onboarding cluster");

        // Steps on the control plane are applied by other workers.
        var turns = Named("apply to control plane").ToList();
        Assert.That(turns, Is.Not.Empty);
        Assert.That(turns.Select(turn => turn.ParentSpanId), Is.SubsetOf(reconciliations.Select(span => span.SpanId)));
        Assert.That(turns.Select(turn => turn.TraceId), Is.SubsetOf(reconciliations.Select(span => span.TraceId)));
        Assert.That(Writes(world.Mcp, turns), Is.Not.Empty, "writes on the control plane");
    }

    private ActivityListener Listen()
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is ReconcileActivity.SourceName or Http,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            SampleUsingParentId = (ref ActivityCreationOptions<string> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private IEnumerable<Activity> Named(string name) => _spans.Where(span => span.OperationName == name);

    private IEnumerable<Activity> Writes(TestCluster cluster, IEnumerable<Activity> parents)
    {
        var ids = parents.Select(parent => parent.SpanId).ToHashSet();
        return _spans.Where(span => span.Source.Name == Http
            && ids.Contains(span.ParentSpanId)
            && $"{span.GetTagItem("http.request.method")}" is "PATCH" or "POST" or "PUT"
            && Convert.ToInt32(span.GetTagItem("server.port"), CultureInfo.InvariantCulture) == cluster.Url.Port);
    }
}
