using NUnit.Framework;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Plan;

/// <summary>What is reported of the status of the Flux objects.</summary>
public sealed class FluxStatusPlanTests
{
    [Test]
    public void Flux_objects_that_are_being_deleted_are_not_written()
    {
        var observation = An.Observation().Complete();

        var plan = Planner.Plan(observation with { OciRepository = observation.OciRepository!.BeingDeleted() });

        Assert.That(plan.Steps, Is.Empty);
        plan.Reports(
            Reasons.OciRepositoryNotReady, Phase.Progressing, Health.Pending, "to be finalized by Flux", $"{An.Tenant}/sp-ocm-k8s-toolkit");
    }

    [Test]
    public void A_failed_pull_is_reported_with_the_message_of_Flux()
    {
        var observation = An.Observation().Complete();

        var plan = Planner.Plan(observation with { OciRepository = observation.OciRepository!.FluxReports("False", "no such tag") });

        plan.Reports(
            Reasons.OciRepositoryFailed, Phase.Progressing, Health.Degraded, "no such tag", "OCIRepository", "pull the chart");
    }

    [TestCase("False", Health.Degraded, Reasons.HelmReleaseFailed)]
    [TestCase("Unknown", Health.Pending, Reasons.HelmReleaseNotReady)]
    public void An_unfinished_installation_is_reported_with_the_message_of_Flux(string status, Health health, string reason)
    {
        var observation = An.Observation().Complete();

        var plan = Planner.Plan(observation with
        {
            HelmRelease = observation.HelmRelease!.Patched("""{ "status": null }""").FluxReports(status, "timed out"),
        });

        plan.Reports(reason, Phase.Progressing, health, "timed out", "HelmRelease", "install the chart");
    }

    [Test]
    public void A_condition_of_an_earlier_generation_does_not_count()
    {
        var observation = An.Observation().Complete();

        var plan = Planner.Plan(observation with
        {
            HelmRelease = observation.HelmRelease!.Patched("""{ "metadata": { "generation": 2 } }"""),
        });

        plan.Reports(Reasons.HelmReleaseNotReady, Phase.Progressing, Health.Pending);
    }

    [Test]
    public void Without_a_condition_of_Flux_the_state_is_pending()
    {
        var observation = An.Observation().Complete();

        var plan = Planner.Plan(observation with { HelmRelease = observation.HelmRelease!.Patched("""{ "status": null }""") });

        plan.Reports(Reasons.HelmReleaseNotReady, Phase.Progressing, Health.Pending);
    }
}
