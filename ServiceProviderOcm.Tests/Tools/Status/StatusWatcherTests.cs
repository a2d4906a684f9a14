using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Tools.Status;
using ServiceProviderOcm.Tests.Builders;
using ServiceProviderOcm.Tests.Controller;

namespace ServiceProviderOcm.Tests.Tools.Status;

/// <summary>OCMs that cannot be read, in <c>status</c>.</summary>
public sealed class StatusWatcherTests
{
    private static readonly UnreadableObject OverLimit = Unreadable(
        "big", new LimitExcess("OcmFieldBytes", "spec.version takes at least", 5001, 4096, "bytes of memory") { FlagPrefix = "--max-" });

    [Test]
    public void An_OCM_that_exceeds_a_limit_has_a_line_with_the_limit_and_the_field()
    {
        var summary = OcmSummary.Of(OverLimit with
        {
            ReadyCondition = JsonElement.Parse(
                """{ "type": "Ready", "status": "False", "reason": "LimitExceeded", "lastTransitionTime": "2026-01-01T00:00:00Z" }"""),
        });

        using (Assert.EnterMultipleScope())
        {
            Assert.That((summary.Key, summary.IsReady, summary.Phase), Is.EqualTo((OverLimit.Key, false, "Progressing")));
            Assert.That(summary.Reason, Is.EqualTo("LimitExceeded"));
            Assert.That(summary.Message, Is.EqualTo(
                "OCM project-team/big exceeds a limit: spec.version takes at least 5001 bytes of memory, and the limit is 4096 "
                    + "(--max-ocm-field-bytes). It is not reconciled, and what is installed stays. Shorten it, or ask a platform operator to "
                    + "raise the limit."));
            Assert.That(summary.Since, Is.EqualTo(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)));
            Assert.That(summary.TenantNamespace, Is.EqualTo(PlatformNames.TenantNamespace("project-team", "big")));
        }
    }

    [Test]
    public void An_OCM_that_cannot_be_read_for_another_reason_says_so()
    {
        var summary = OcmSummary.Of(new UnreadableObject(OverLimit.Key, "u", "1", "metadata.labels has the wrong type"));

        Assert.That(summary.Reason, Is.EqualTo("Unreadable"));
        Assert.That(summary.Message, Does.Contain("metadata.labels has the wrong type").And.EndWith("Correct its metadata."));
    }

    [Test]
    public async Task OCMs_that_cannot_be_read_are_listed_and_their_change_is_reported()
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        var onboarding = new ScriptedCluster("onboarding cluster");
        onboarding.Has(An.Identity.Api.Ocm, An.Ocm());
        onboarding.HasUnreadable(An.Identity.Api.Ocm, OverLimit);
        var informers = new InformerFactory(new InformerOptions(), TimeProvider.System, new Random(1), NullLogger.Instance);
        var listed = new TaskCompletionSource<StatusView>(TaskCreationOptions.RunContinuationsAsynchronously);
        var changes = Channel.CreateUnbounded<OcmSummary>();
        var watcher = new StatusWatcher(onboarding, An.Identity.Api, rollout: null, informers, TimeProvider.System);
        var run = watcher.RunAsync(view => listed.SetResult(view), ocm => changes.Writer.TryWrite(ocm), _ => { }, _ => { }, stop.Token);

        var view = await listed.Task.WaitAsync(stop.Token);
        Assert.That(view.Ocms.Select(ocm => (ocm.Key.Name, ocm.Reason)), Does.Contain(("big", "LimitExceeded")).And.Exactly(2).Items);

        var changed = Unreadable("alpha", OverLimit.Excess!);
        onboarding.Send(An.Identity.Api.Ocm, new WatchEvent(WatchEventType.Modified, An.Ocm()) { Unreadable = changed });
        var change = await changes.Reader.ReadAsync(stop.Token);

        Assert.That((change.Key, change.Reason), Is.EqualTo((An.Ocm().Key, "LimitExceeded")));
        await stop.CancelAsync();
        Assert.That(() => run, Throws.InstanceOf<OperationCanceledException>());
    }

    private static UnreadableObject Unreadable(string name, LimitExcess excess) =>
        new(new ObjectKey("project-team", name), "u", "1", excess.Describe(flagPrefix: null)) { Excess = excess };
}
