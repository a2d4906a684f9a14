using NUnit.Framework;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Tests.Builders;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Plan;

/// <summary>No wait is without a limit. The rows are those of <c>docs/conditions.md</c>.</summary>
public sealed class WaitLimitsTests
{
    private const string ProviderFinalizer = "clusters.openmcp.cloud/finalizer";

    private static readonly Observation Deleting = StateTests.ObservationOf(OcmState.DeletingAccessRequest);

    private static IEnumerable<(OcmState Waiting, TimeSpan Limit, OcmState Overdue)> Rows =>
        from line in File.ReadLines(Path.Combine(RepositoryRoot.Find(), "docs", "conditions.md"))
        let cells = line.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        where cells.Length == 3 && cells[1].EndsWith('m') && cells[1][..^1].All(char.IsAsciiDigit)
        select (
            Enum.Parse<OcmState>(cells[0].Trim('`')),
            TimeSpan.FromMinutes(int.Parse(cells[1][..^1], System.Globalization.CultureInfo.InvariantCulture)),
            Enum.Parse<OcmState>(cells[2].Trim('`')));

    [Test]
    public void Every_wait_that_is_reported_has_a_row() => Assert.That(
        Rows.Select(row => row.Waiting),
        Is.EquivalentTo(Enum.GetValues<OcmState>().Where(state => OcmStates.HealthOf(state) == Health.Pending).Append(OcmState.Reconnecting)));

    [TestCaseSource(nameof(Rows))]
    public void A_wait_becomes_a_failure_when_its_limit_is_reached((OcmState Waiting, TimeSpan Limit, OcmState Overdue) row)
    {
        var observation = StateTests.ObservationOf(row.Waiting);

        var before = Planner.Plan(observation.WaitingSince(row.Waiting, observation.Now - row.Limit + TimeSpan.FromSeconds(1)));
        var after = Planner.Plan(observation.WaitingSince(row.Waiting, observation.Now - row.Limit));

        Assert.That((before.Status.State, before.Status.AwaitedState), Is.EqualTo((row.Waiting, row.Waiting)));
        Assert.That((after.Status.State, after.Status.AwaitedState), Is.EqualTo((row.Overdue, row.Waiting)), after.Status.Message);
        Assert.That(after.Status.Health, Is.EqualTo(Health.Degraded));
        Assert.That(after.Status.Message, Does.Contain($"{row.Limit.TotalMinutes}m").And.Match("must "));
        Assert.That(after.Status.IsBeingDeleted, Is.EqualTo(before.Status.IsBeingDeleted));
        Assert.That(after.Steps(), Is.EqualTo(before.Steps()), "the work goes on");
    }

    [TestCaseSource(nameof(Rows))]
    public void The_time_until_the_limit_is_known((OcmState Waiting, TimeSpan Limit, OcmState Overdue) row)
    {
        var observation = StateTests.ObservationOf(row.Waiting);
        var later = observation.WaitingSince(row.Waiting, observation.Now - TimeSpan.FromSeconds(10));

        Assert.That(WaitLimits.Remaining(later, row.Waiting), Is.EqualTo(row.Limit - TimeSpan.FromSeconds(10)));
        Assert.That(WaitLimits.Remaining(observation.WaitingSince(row.Waiting, observation.Now - row.Limit), row.Waiting), Is.Null);
    }

    [TestCase(30, 30, 30, OcmState.AwaitingAccess)]
    [TestCase(30, 600, 30, OcmState.AwaitingAccess, Description = "the AccessRequest is newer than the last change of Ready")]
    [TestCase(600, 30, 30, OcmState.AwaitingAccess, Description = "the OCM was Ready until then")]
    [TestCase(60, 60, null, OcmState.AccessOverdue)]
    [TestCase(120, 120, null, OcmState.AccessOverdue)]
    public void The_wait_for_access_continues_to_count_after_a_restart(int requested, int notReady, int? remaining, OcmState state)
    {
        var observation = Requested(requested, "False", notReady) with { Wait = ObservedWait.None };

        Assert.That(WaitLimits.Remaining(observation, OcmState.AwaitingAccess), Is.EqualTo(Seconds(remaining)));
        Assert.That(Planner.Plan(observation).Status.State, Is.EqualTo(state));
    }

    [TestCase("True", 10, 50, Description = "the condition does not have since when the OCM waits")]
    [TestCase("False", 10, 40, Description = "the AccessRequest is older than what this process has seen")]
    [TestCase("False", 30, 30)]
    public void The_wait_for_access_counts_from_when_it_is_known_to_have_begun(string ready, int observed, int remaining)
    {
        var observation = Requested(requested: 20, ready, notReady: 20)
            .WaitingSince(OcmState.AwaitingAccess, An.Now - TimeSpan.FromSeconds(observed));

        Assert.That(WaitLimits.Remaining(observation, OcmState.AwaitingAccess), Is.EqualTo(Seconds(remaining)));
    }

    [Test]
    public void A_state_that_is_no_wait_has_no_limit() =>
        Assert.That(WaitLimits.Remaining(An.Observation().Complete(), OcmState.Ready), Is.Null);

    [Test]
    public void The_limit_is_a_setting()
    {
        var observation = Deleting.WaitingSince(OcmState.DeletingAccessRequest, An.Now - TimeSpan.FromSeconds(90));

        Assert.That(Planner.Plan(observation).Status.State, Is.EqualTo(OcmState.DeletingAccessRequest));
        Assert.That(
            Planner.Plan(observation with { WaitTimeout = TimeSpan.FromSeconds(90) }).Status.Message, Does.Contain("for more than 90s"));
    }

    [Test]
    public void An_AccessRequest_that_nobody_finalizes_is_overdue_by_its_own_deletion_time_and_the_message_has_finalizer_and_command()
    {
        var observation = WithFinalizers(An.Now - TimeSpan.FromMinutes(5), ProviderFinalizer, ObjectNames.AccessFinalizer);

        var status = Planner.Plan(observation).Status;

        Assert.That((status.State, status.Reason, status.Phase), Is.EqualTo(
            (OcmState.AccessDeletionOverdue, "AccessRequestDeletionOverdue", Phase.Terminating)));
        Assert.That(status.Message, Does.Contain("for more than 5m")
            .And.Contain($"must remove finalizer {ProviderFinalizer};")
            .And.Contain("a platform operator must")
            .And.Contain("Cluster \"mcp-cluster\" is gone")
            .And.Contain(
                $"kubectl --namespace {An.Tenant} patch accessrequests.clusters.openmcp.cloud {Deleting.AccessRequest!.Name} --type=merge "
                + "--patch='{\"metadata\":{\"finalizers\":null}}'"));
    }

    [Test]
    public void An_AccessRequest_is_not_overdue_before_and_without_finalizers_of_others()
    {
        var before = WithFinalizers(An.Now - TimeSpan.FromMinutes(4), ProviderFinalizer);
        var managed = WithFinalizers(An.Now - TimeSpan.FromHours(1), ObjectNames.AccessFinalizer);

        Assert.That(Planner.Plan(before).Status.State, Is.EqualTo(OcmState.DeletingAccessRequest));
        Assert.That(Planner.Plan(managed).Status.State, Is.EqualTo(OcmState.DeletingAccessRequest));
    }

    [Test]
    public void A_HelmRelease_waits_for_an_OCIRepository_that_is_changed_at_the_same_time_until_that_is_overdue()
    {
        var observation = An.Observation().Complete().WithConfig("""{ "values": { "new": 1 } }""").WithOcm("""{ "spec": { "version": "0.5.0" } }""");
        var plan = Planner.Plan(observation);
        Assert.That((Kinds(plan), plan.HoldsRelease), Is.EqualTo(("OCIRepository", true)));

        var written = observation with
        {
            OciRepository = observation.OciRepository!.Patched(
                """{ "metadata": { "generation": 2 }, "spec": { "ref": { "tag": "0.5.0" } } }"""),
            Wait = new ObservedWait(OcmState.PullingChart, An.Now, IsReleaseHeld: true),
        };
        plan = Planner.Plan(written);
        Assert.That((Kinds(plan), plan.HoldsRelease, plan.Status.State), Is.EqualTo(("", true, OcmState.PullingChart)));

        (string Case, Observation Observation)[] released =
        [
            ("Ready at its new generation", written with { OciRepository = written.OciRepository!.FluxReady() }),
            ("failed at its new generation", written with { OciRepository = written.OciRepository!.FluxReports("False", "no such tag") }),
            ("overdue", written with { Wait = written.Wait with { Since = An.Now.AddMinutes(-5) } }),
        ];
        foreach (var (when, now) in released)
        {
            Assert.That((Kinds(Planner.Plan(now)), Planner.Plan(now).HoldsRelease), Is.EqualTo(("HelmRelease", false)), when);
        }
    }

    [TestCase("new version", ExpectedResult = "held")]
    [TestCase("new revision", ExpectedResult = "held")]
    [TestCase("new version, which Flux has seen", ExpectedResult = "HelmRelease")]
    [TestCase("new version of long ago", ExpectedResult = "HelmRelease")]
    public string A_new_leader_holds_the_HelmRelease_that_an_earlier_one_has_held(string written)
    {
        var observation = An.Observation().Complete().WithConfig("""{ "values": { "new": 1 } }""");
        var source = observation.OciRepository!.Patched("""{ "metadata": { "generation": 2 } }""");
        if (written == "new revision")
        {
            source = source.Patched($$"""{ "metadata": { "labels": { "{{ObjectNames.RevisionLabel(An.Identity.Api)}}": "r2" } } }""");
        }
        else
        {
            observation = observation.WithOcm("""{ "spec": { "version": "0.5.0" } }""");
            source = source.Patched("""{ "spec": { "ref": { "tag": "0.5.0" } } }""");
        }

        source = written.EndsWith("seen", StringComparison.Ordinal)
            ? source.Patched("""{ "status": { "observedGeneration": 2 } }""")
            : source;
        var wait = written.EndsWith("ago", StringComparison.Ordinal)
            ? new ObservedWait(OcmState.PullingChart, An.Now.AddMinutes(-1), IsReleaseHeld: false)
            : ObservedWait.None;

        var plan = Planner.Plan(observation with { OciRepository = source, Wait = wait });

        return plan.HoldsRelease ? $"held{Kinds(plan)}" : Kinds(plan);
    }

    [Test]
    public void A_HelmRelease_alone_is_written_whatever_the_OCIRepository_is_doing()
    {
        var busy = An.Observation().Complete().WithConfig("""{ "values": { "new": 1 } }""");
        busy = busy with { OciRepository = busy.OciRepository!.Patched("""{ "metadata": { "generation": 2 } }""") };

        Assert.That(Kinds(Planner.Plan(busy)), Is.EqualTo("HelmRelease"));
        Assert.That(Kinds(Planner.Plan(busy with { OciRepository = null, HelmRelease = null })), Is.EqualTo("OCIRepository, HelmRelease"));
    }

    [Test]
    public void A_HelmRelease_whose_update_waits_for_objects_on_the_control_plane_is_not_Ready()
    {
        var ready = An.Observation().WithToolkitPullSecret().Complete();
        var step = new PatchStep(TargetCluster.Platform, PlatformKinds.HelmRelease, ready.HelmRelease!, ready.HelmRelease!.Json);
        Assert.That(ControlPlaneStatus.HoldsBack(ControlPlaneProgress.Pending, step, ready), Is.True);

        var status = ControlPlaneStatus.Of(ready, Planner.Plan(ready).Status, ControlPlaneProgress.Pending, isHeldBack: true);

        Assert.That(status.State, Is.EqualTo(OcmState.Upgrading), status.Message);
    }

    private static TimeSpan? Seconds(int? count) => count is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    // That many seconds ago.
    private static Observation Requested(int requested, string ready, int notReady)
    {
        var observation = StateTests.ObservationOf(OcmState.AwaitingAccess).WithOcm(
            $$"""
            {
              "status": {
                "conditions": [
                  { "type": "Ready", "status": "{{ready}}", "lastTransitionTime": "{{An.Now.AddSeconds(-notReady):o}}" }
                ]
              }
            }
            """);
        return observation with
        {
            AccessRequest = observation.AccessRequest!.Patched(
                $$"""{ "metadata": { "creationTimestamp": "{{An.Now.AddSeconds(-requested):o}}" } }"""),
        };
    }

    private static string Kinds(ReconcilePlan plan) => string.Join(", ", plan.Steps.Select(step => step.Kind.Kind));

    private static Observation WithFinalizers(DateTimeOffset deleted, params string[] finalizers) => Deleting with
    {
        AccessRequest = Deleting.AccessRequest!.Patched(
            $$"""
            {
              "metadata": {
                "deletionTimestamp": "{{deleted:yyyy-MM-ddTHH:mm:ssZ}}",
                "finalizers": [{{string.Join(", ", finalizers.Select(finalizer => $"\"{finalizer}\""))}}]
              },
              "spec": { "clusterRef": { "name": "mcp-cluster" } }
            }
            """),
    };
}
