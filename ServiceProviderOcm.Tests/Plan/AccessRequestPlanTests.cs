using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Plan;

/// <summary>How access to the control plane is requested, and what is reported until it is granted.</summary>
public sealed class AccessRequestPlanTests
{
    private static readonly string AccessName = ObjectNames.AccessRequest(An.Identity.Api, "alpha");
    private static readonly string ApplyAccess = $"Platform: apply AccessRequest {An.Tenant}/{AccessName}";

    [TestCase(false)]
    [TestCase(true)]
    public void An_AccessRequest_is_created_unless_it_is_known_to_be_managed(bool hasBeenSeen)
    {
        var observation = An.Observation().Complete();

        var plan = Planner.Plan(observation with
        {
            AccessRequest = hasBeenSeen
                ? observation.AccessRequest!.Patched("""{ "spec": { "token": { "roleRefs": [] } } }""")
                : null,
        });

        Assert.That(
            plan.Apply("AccessRequest").Target,
            Is.EqualTo(hasBeenSeen ? new ApplyTarget.Observed(observation.AccessRequest!.Uid) : (ApplyTarget)new ApplyTarget.Missing()));
    }

    [TestCase("""{ "status": null }""", OcmState.AwaitingAccess)]
    [TestCase("""{ "status": { "phase": "Denied" } }""", OcmState.AccessDenied)]
    public void The_AccessRequest_of_an_OCM_that_the_rollout_has_not_reached_stays_also_while_it_is_not_granted(string status, OcmState state)
    {
        var held = An.Observation().Complete().WithConfig("""{ "access": { "roleRefs": [{ "kind": "ClusterRole", "name": "newest" }] } }""") with
        {
            Revision = new TenantRevision(RevisionMarks.None) { IsHeld = true },
        };

        var plan = Planner.Plan(held with { AccessRequest = held.AccessRequest!.Patched(status) });
        var missing = Planner.Plan(held with { AccessRequest = null });

        Assert.That((plan.Status.State, plan.Steps.Count), Is.EqualTo((state, 0)));
        Assert.That(missing.Steps(), Is.EqualTo([ApplyAccess]));
    }

    [Test]
    public void Only_the_AccessRequest_is_created_until_access_is_granted()
    {
        var plan = Planner.Plan(An.Observation().Requested());

        Assert.That(plan.Steps, Is.Empty);
        plan.Reports(Reasons.AccessRequestPending, Phase.Progressing, Health.Pending, AccessName);
    }

    [TestCase(59, 59, Reasons.AccessRequestPending)]
    [TestCase(61, 59, Reasons.AccessRequestPending, TestName = "{m}(not ready for a while, asked just now)")]
    [TestCase(59, 61, Reasons.AccessRequestPending, TestName = "{m}(asked long ago, ready until just now)")]
    [TestCase(60, 61, Reasons.AccessRequestOverdue)]
    [TestCase(61, 60, Reasons.AccessRequestOverdue)]
    [TestCase(61, 61, Reasons.AccessRequestOverdue)]
    public void An_AccessRequest_that_is_not_granted_in_time_is_degraded(int secondsUnready, int secondsAsked, string reason)
    {
        var observation = An.Observation().Requested().WithOcm(
            $$"""{ "status": { "conditions": [{ "type": "Ready", "status": "False", "lastTransitionTime": "{{An.Now.AddSeconds(-secondsUnready):o}}" }] } }""");

        var plan = Planner.Plan(observation with
        {
            AccessRequest = observation.AccessRequest!.Patched(
                $$"""{ "metadata": { "creationTimestamp": "{{An.Now.AddSeconds(-secondsAsked):o}}" } }"""),
        });

        Assert.That(plan.Status.Reason, Is.EqualTo(reason));
    }

    [Test]
    public void The_time_for_a_new_AccessRequest_of_a_Ready_OCM_starts_anew()
    {
        var observation = An.Observation().Requested().WithOcm(
            $$"""{ "status": { "conditions": [{ "type": "Ready", "status": "True", "lastTransitionTime": "{{An.Now.AddHours(-1):o}}" }] } }""");

        var plan = Planner.Plan(observation with
        {
            AccessRequest = observation.AccessRequest!.Patched(
                $$"""{ "metadata": { "creationTimestamp": "{{An.Now.AddMinutes(-2):o}}" } }"""),
        });

        Assert.That(plan.Status.Reason, Is.EqualTo(Reasons.AccessRequestPending));
    }

    [Test]
    public void The_message_of_a_pending_AccessRequest_is_reported()
    {
        var observation = An.Observation().Requested();

        var plan = Planner.Plan(observation with
        {
            AccessRequest = observation.AccessRequest!.Patched(
                """{ "status": { "conditions": [{ "type": "A", "status": "False", "message": "no cluster yet" }, { "status": "True", "message": "fine" }] } }"""),
        });

        plan.Reports(Reasons.AccessRequestPending, Phase.Progressing, Health.Pending, ": no cluster yet");
        Assert.That(plan.Status.Message, Does.Not.Contain("fine"));
    }

    [TestCase("""{ "phase": "Granted", "observedGeneration": 0, "secretRef": { "name": "s" } }""", TestName = "{m}(of an earlier generation)")]
    [TestCase("""{ "phase": "Granted", "secretRef": { "name": "s" } }""", TestName = "{m}(of an unknown generation)")]
    [TestCase("""{ "phase": "Granted", "observedGeneration": 1 }""", TestName = "{m}(without a Secret)")]
    [TestCase("""{ "phase": "Granted", "observedGeneration": 1, "secretRef": { "name": "" } }""", TestName = "{m}(with a nameless Secret)")]
    [TestCase("""{ "phase": "Pending", "observedGeneration": 1, "secretRef": { "name": "s" } }""", TestName = "{m}(still pending)")]
    [TestCase("""{ "phase": "Denied", "observedGeneration": 0 }""", TestName = "{m}(denied for an earlier generation)")]
    public void An_AccessRequest_without_a_current_grant_is_pending(string status)
    {
        var observation = An.Observation().Requested();

        var plan = Planner.Plan(observation with { AccessRequest = observation.AccessRequest!.Patched($$"""{ "status": {{status}} }""") });

        Assert.That(plan.Steps, Is.Empty);
        plan.Reports(Reasons.AccessRequestPending, Phase.Progressing, Health.Pending, AccessName);
    }

    [Test]
    public void A_denied_AccessRequest_is_reported_to_the_platform_operator()
    {
        var observation = An.Observation().Requested();

        var plan = Planner.Plan(observation with
        {
            AccessRequest = observation.AccessRequest!.Patched(
                """{ "status": { "phase": "Denied", "observedGeneration": 1, "conditions": [{ "status": "False", "message": "not allowed" }] } }"""),
        });

        Assert.That(plan.Steps, Is.Empty);
        plan.Reports(
            Reasons.AccessRequestDenied, Phase.Progressing, Health.Degraded, AccessName, "platform operator", ": not allowed");
    }

    [TestCase("""{ "metadata": { "labels": { "openmcp.cloud/managed-by": "another-component" } } }""")]
    [TestCase("""{ "metadata": { "labels": { "openmcp.cloud/managed-purpose": "project-team.beta.mcp" } } }""")]
    [TestCase("""{ "metadata": { "labels": null } }""")]
    public void An_AccessRequest_of_another_component_is_reported_and_nothing_is_written(string patch)
    {
        var observation = An.Observation().Granted();

        var plan = Planner.Plan(observation with { AccessRequest = observation.AccessRequest!.Patched(patch) });

        Assert.That(plan.Steps, Is.Empty);
        plan.Reports(Reasons.AccessRequestNotOurs, Phase.Progressing, Health.Degraded, AccessName, "another component");
    }

    [TestCase("""{ "metadata": { "labels": { "openmcp.cloud/managed-by": "another-component" } } }""")]
    [TestCase("""{ "metadata": { "labels": { "openmcp.cloud/managed-by": null, "openmcp.cloud/managed-purpose": "project-team.beta.mcp" } } }""")]
    [TestCase("""{ "metadata": { "labels": null }, "spec": { "requestRef": { "name": "beta" } } }""")]
    public void An_AccessRequest_that_this_provider_has_written_is_of_another_component_if_it_says_so(string patch)
    {
        var observation = An.Observation().Granted();

        var plan = Planner.Plan(observation with { AccessRequest = Written(observation.AccessRequest!.Patched(patch)) });

        Assert.That(plan.Steps, Is.Empty);
        Assert.That(plan.Status.Reason, Is.EqualTo(Reasons.AccessRequestNotOurs));
    }

    [TestCase("""{ "metadata": { "labels": { "openmcp.cloud/managed-by": null } } }""")]
    [TestCase("""{ "metadata": { "labels": null } }""")]
    public void An_AccessRequest_that_this_provider_has_written_gets_its_labels_back(string patch)
    {
        var observation = An.Observation().Complete();

        var plan = Planner.Plan(observation with { AccessRequest = Written(observation.AccessRequest!.Patched(patch)) });

        Assert.That(plan.Steps(), Is.EqualTo([ApplyAccess]));
        Assert.That(plan.Apply("AccessRequest").Target, Is.EqualTo(new ApplyTarget.Observed(observation.AccessRequest!.Uid)));
    }

    [Test]
    public void An_AccessRequest_whose_label_was_removed_protects_users_objects_and_is_deleted_after_the_chart()
    {
        var complete = An.Observation().Complete().Deleting();
        var deleting = complete with
        {
            AccessRequest = Written(complete.AccessRequest!.Patched("""{ "metadata": { "labels": { "openmcp.cloud/managed-by": null } } }""")),
            UserObjects = An.Repositories("a/1"),
        };

        Assert.That(Planner.Plan(deleting).Status.State, Is.EqualTo(OcmState.DeletionBlocked));
        Assert.That(
            Planner.Plan(deleting with { UserObjects = ObservedUserObjects.Of(), HelmRelease = null, OciRepository = null }).Steps(),
            Is.EqualTo([$"Platform: delete AccessRequest {An.Tenant}/{AccessName}"]));
    }

    [Test]
    public void A_deleted_AccessRequest_is_finalized_once_our_finalizer_is_the_last()
    {
        var observation = An.Observation().Granted();

        var plan = Planner.Plan(observation with { AccessRequest = observation.AccessRequest!.BeingDeleted() });

        Assert.That(plan.Steps(), Is.EqualTo([$"Platform: patch AccessRequest {An.Tenant}/{AccessName}"]));
        PlanReading.IsJson(plan.Patch("AccessRequest").Patch, """{ "metadata": { "resourceVersion": "10", "finalizers": [] } }""");
        plan.Reports(Reasons.AccessRequestPending, Phase.Progressing, Health.Pending, "to be deleted");
    }

    [Test]
    public void A_deleted_AccessRequest_is_not_modified_while_it_has_finalizers_of_others()
    {
        var observation = An.Observation().Granted();
        var held = observation.AccessRequest!.BeingDeleted()
            .Patched("""{ "metadata": { "finalizers": ["clusters.openmcp.cloud/clusteraccess", "clusters.openmcp.cloud/finalizer"] } }""");

        Assert.That(Planner.Plan(observation with { AccessRequest = held }).Steps, Is.Empty);
    }

    [Test]
    public void Drift_of_an_AccessRequest_is_reverted()
    {
        var observation = An.Observation().Complete();

        var plan = Planner.Plan(observation with
        {
            AccessRequest = observation.AccessRequest!.Patched("""{ "spec": { "token": { "roleRefs": [] } } }"""),
        });

        Assert.That(plan.Steps(), Is.EqualTo([ApplyAccess]));
    }

    [TestCase("""{ "spec": { "token": { "permissions": [{ "rules": [{ "apiGroups": ["*"], "resources": ["*"], "verbs": ["*"], "resourceNames": ["only"] }] }] } } }""")]
    [TestCase("""{ "spec": { "token": { "roleRefs": [{ "kind": "ClusterRole", "name": "cluster-admin", "namespace": "ns" }] } } }""")]
    public void Fields_that_others_add_to_elements_of_an_AccessRequest_are_reverted(string edit)
    {
        var observation = An.Observation().Complete();

        var plan = Planner.Plan(observation with { AccessRequest = observation.AccessRequest!.Patched(edit) });

        Assert.That(plan.Steps(), Is.EqualTo([ApplyAccess]));
    }

    [Test]
    public void Fields_that_the_platform_adds_to_an_AccessRequest_stay()
    {
        var observation = An.Observation().Complete();

        var plan = Planner.Plan(observation with
        {
            AccessRequest = observation.AccessRequest!.WithForeign("""{ "spec": { "clusterRef": { "name": "c", "namespace": "n" } } }"""),
        });

        Assert.That(plan.Steps, Is.Empty);
    }

    private static KubeObject Written(KubeObject access) => access.OwnedAs(access.Ownership with { IsWrittenByProvider = true });
}
