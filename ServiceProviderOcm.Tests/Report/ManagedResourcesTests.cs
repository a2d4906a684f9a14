using System.Text.Json;
using NUnit.Framework;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Report;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Report;

public sealed class ManagedResourcesTests
{
    private const string OnControlPlane =
        """
        [
          {
            "kind": "ConfigMap", "name": "sp-ocm-ca-bundle", "namespace": "ocm-k8s-toolkit-system", "phase": "Ready",
            "location": "ManagedControlPlane"
          },
          {
            "kind": "Secret", "name": "registry", "namespace": "ocm-k8s-toolkit-system", "phase": "Ready",
            "location": "ManagedControlPlane"
          }
        ]
        """;

    [Test]
    public void Missing_objects_are_not_listed() => Reports(An.Observation().Granted(), "[]");

    [Test]
    public void Existing_objects_are_listed_with_their_phase() => Reports(
        An.Observation().WithPullSecret().Complete(),
        $$"""
        [
          {
            "kind": "Secret", "name": "sp-ocm-registry", "namespace": "{{An.Tenant}}", "phase": "Ready", "location": "PlatformCluster"
          },
          {
            "apiGroup": "source.toolkit.fluxcd.io", "kind": "OCIRepository", "name": "sp-ocm-k8s-toolkit", "namespace": "{{An.Tenant}}",
            "phase": "Ready", "location": "PlatformCluster"
          },
          {
            "apiGroup": "helm.toolkit.fluxcd.io", "kind": "HelmRelease", "name": "sp-ocm-k8s-toolkit", "namespace": "{{An.Tenant}}",
            "phase": "Ready", "location": "PlatformCluster"
          }
        ]
        """);

    [Test]
    public void The_message_of_Flux_is_listed()
    {
        var observation = An.Observation().Complete();

        Reports(
            observation with { OciRepository = null, HelmRelease = observation.HelmRelease!.FluxReports("False", "timed out") },
            $$"""
            [
              {
                "apiGroup": "helm.toolkit.fluxcd.io", "kind": "HelmRelease", "name": "sp-ocm-k8s-toolkit", "namespace": "{{An.Tenant}}",
                "phase": "Progressing", "message": "timed out", "location": "PlatformCluster"
              }
            ]
            """);
    }

    [Test]
    public void An_object_that_is_being_deleted_is_Terminating()
    {
        var observation = An.Observation().WithPullSecret().Complete();

        var phases = Phases(observation with
        {
            SecretCopies = [observation.SecretCopies[0].BeingDeleted()],
            OciRepository = observation.OciRepository!.BeingDeleted(),
            HelmRelease = observation.HelmRelease!.BeingDeleted(),
        });

        Assert.That(phases, Is.EqualTo(["Terminating", "Terminating", "Terminating"]));
    }

    [Test]
    public void Secret_copies_are_ordered_by_name()
    {
        var observation = An.Observation().WithPullSecret().Complete();
        var copy = observation.SecretCopies[0];

        var names = ManagedResources.Of(observation with
        {
            SecretCopies = [copy.Patched("""{ "metadata": { "name": "b" } }"""), copy.Patched("""{ "metadata": { "name": "a" } }""")],
        }).Take(2).Select(entry => entry!["name"]!.GetValue<string>());

        Assert.That(names, Is.EqualTo(["a", "b"]));
    }

    [Test]
    public void Objects_on_the_control_plane_are_listed_with_their_location() => Reports(
        An.Observation().WithToolkitPullSecret().WithCaBundle().Complete() with { SecretCopies = [], OciRepository = null, HelmRelease = null },
        OnControlPlane);

    [Test]
    public void However_many_objects_a_control_plane_has_the_OCM_stays_readable()
    {
        var observation = An.Observation().WithCaBundle().Complete();
        var one = observation.ControlPlane.ConfigMaps.Single();
        var many = Enumerable.Range(0, 5000).Select(i => one.Patched($$"""{ "metadata": { "name": "{{i:D250}}" } }"""));

        var resources = ManagedResources.Of(observation with { ControlPlane = observation.ControlPlane with { ConfigMaps = [.. many] } });

        Assert.That(resources.ToJsonString(), Has.Length.LessThan(64 << 10));
    }

    [Test]
    public void Objects_on_an_unreachable_control_plane_stay_listed()
    {
        var observation = (An.Observation().WithToolkitPullSecret().WithCaBundle().Complete() with
        {
            SecretCopies = [],
            OciRepository = null,
            HelmRelease = null,
            ControlPlane = ObservedControlPlane.Unreachable("no route"),
        }).WithOcm($$"""{ "status": { "resources": {{OnControlPlane}} } }""");

        Reports(observation, OnControlPlane);
        Reports(observation with { AccessRequest = An.Observation().Granted().AccessRequest }, "[]");
    }

    private static IEnumerable<string> Phases(Observation observation) =>
        ManagedResources.Of(observation).Select(entry => entry!["phase"]!.GetValue<string>());

    private static void Reports(Observation observation, string expected) =>
        PlanReading.IsJson(JsonSerializer.SerializeToElement(ManagedResources.Of(observation)), expected);
}
