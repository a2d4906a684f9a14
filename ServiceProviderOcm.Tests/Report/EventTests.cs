using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Core.Report;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Report;

public sealed partial class EventTests
{
    private static readonly ReadyStatus Degraded = new(OcmState.AccessDenied, "Fix it.");

    [Test]
    public void An_Event_regards_the_OCM_and_has_reason_and_message()
    {
        var written = EventOf(An.Observation(), Degraded);

        PlanReading.IsJson(
            written.Json,
            $$"""
            {
              "apiVersion": "events.k8s.io/v1",
              "kind": "Event",
              "metadata": { "name": "{{written.Name}}", "namespace": "project-team" },
              "regarding": {
                "apiVersion": "ocm.services.openmcp.cloud/v1alpha1",
                "kind": "OCM",
                "namespace": "project-team",
                "name": "alpha",
                "uid": "ocm-uid",
                "resourceVersion": "7"
              },
              "type": "Warning",
              "reason": "AccessRequestDenied",
              "note": "Fix it.",
              "action": "Reconcile",
              "reportingController": "service-provider-ocm",
              "reportingInstance": "ocm",
              "eventTime": "2026-06-01T12:00:00.000000Z"
            }
            """);
        Assert.That(written.Name, Does.StartWith("alpha."));
    }

    [TestCase(OcmState.AccessDenied, "Warning")]
    [TestCase(OcmState.Ready, "Normal")]
    public void Only_a_degraded_state_is_a_warning(OcmState state, string type) =>
        Assert.That(EventOf(An.Observation(), new ReadyStatus(state, "Any.")).Json.Text("type"), Is.EqualTo(type));

    [Test]
    public void A_pending_state_has_no_Event() =>
        Assert.That(StatusReport.Of(An.Observation(), new ReadyStatus(OcmState.AwaitingAccess, "Soon.")).ReadyEvent, Is.Null);

    [Test]
    public void The_note_of_an_Event_is_cut_by_bytes_and_between_characters() =>
        Assert.That(EventOf(An.Observation(), Degraded with { Message = new string('ä', 1000) }).Json.Text("note"), Has.Length.EqualTo(512));

    [Test]
    public void An_Event_is_written_once_per_reason()
    {
        var observation = An.Observation();
        var reported = observation.WithOcm(StatusReport.Of(observation, Degraded).StatusPatch.GetRawText());

        Assert.That(StatusReport.Of(reported, Degraded with { Message = "Fix it soon." }).ReadyEvent, Is.Null);
        Assert.That(StatusReport.Of(reported, Degraded with { State = OcmState.AccessOverdue }).ReadyEvent, Is.Not.Null);
        Assert.That(StatusReport.Of(reported, Degraded with { State = OcmState.Ready }).ReadyEvent, Is.Not.Null);
    }

    [Test]
    public void Names_of_Events_are_unique()
    {
        var observation = An.Observation();

        Assert.That(
            EventOf(observation, Degraded).Name, Is.Not.EqualTo(EventOf(observation with { Now = An.Now.AddTicks(1) }, Degraded).Name));
    }

    [Test]
    public void The_name_of_an_Event_is_a_subdomain_however_long_that_of_the_OCM_is() => Prop.ForAll(
            Gen.Choose(1, 253).SelectMany(length => Gen.Elements('a', '0', '-', '.').ListOf(length))
                .Select(characters => string.Concat(characters))
                .Select(name => Separators().Replace(name, "-").Trim('-', '.'))
                .Where(name => Subdomain().IsMatch(name))
                .ToArbitrary(),
            name =>
            {
                var written = EventOf(An.Observation().WithOcm($$"""{ "metadata": { "name": "{{name}}" } }"""), Degraded);
                return written.Name.Length <= 253 && Subdomain().IsMatch(written.Name) && written.Json.Text("regarding", "name") == name;
            })
        .QuickCheckThrowOnFailure();

    [Test]
    public void The_name_of_an_Event_is_not_cut_after_a_separator()
    {
        var names = Enumerable.Range(200, 50).Select(length => $"{new string('a', length)}.b{new string('c', 251 - length)}");

        foreach (var name in names)
        {
            var written = EventOf(An.Observation().WithOcm($$"""{ "metadata": { "name": "{{name}}" } }"""), Degraded);
            Assert.That(written.Name, Does.Match(Subdomain().ToString()).And.Length.LessThanOrEqualTo(253));
        }
    }

    private static KubeObject EventOf(Observation observation, ReadyStatus status) =>
        StatusReport.Of(observation, status).ReadyEvent ?? throw new AssertionException("There is no Event.");

    [GeneratedRegex(@"[-.]{2,}")]
    private static partial Regex Separators();

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z")]
    private static partial Regex Subdomain();
}
