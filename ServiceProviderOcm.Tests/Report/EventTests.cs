using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Report;
using ServiceProviderOcm.Tests.Plan;

namespace ServiceProviderOcm.Tests.Report;

public sealed partial class EventTests
{
    private static readonly Verdict Fault = Verdict.Fault("Broken", "Mend it.");

    [Test]
    public void An_Event_is_about_the_OCM_and_says_the_cause()
    {
        var told = EventOf(An.Observation(), Fault);

        PlanReading.IsJson(
            told.Json,
            $$"""
            {
              "apiVersion": "events.k8s.io/v1",
              "kind": "Event",
              "metadata": { "name": "{{told.Name}}", "namespace": "project-team" },
              "regarding": {
                "apiVersion": "ocm.services.openmcp.cloud/v1alpha1",
                "kind": "OCM",
                "namespace": "project-team",
                "name": "alpha",
                "uid": "ocm-uid",
                "resourceVersion": "7"
              },
              "type": "Warning",
              "reason": "Broken",
              "note": "Mend it.",
              "action": "Reconcile",
              "reportingController": "service-provider-ocm",
              "reportingInstance": "ocm",
              "eventTime": "2026-06-01T12:00:00.000000Z"
            }
            """);
        Assert.That(told.Name, Does.StartWith("alpha."));
    }

    [TestCase(Severity.Fault, "Warning")]
    [TestCase(Severity.Success, "Normal")]
    public void Only_what_calls_for_somebody_is_a_warning(Severity severity, string type) =>
        Assert.That(EventOf(An.Observation(), Fault with { Severity = severity }).Json.Text("type"), Is.EqualTo(type));

    [Test]
    public void That_things_take_their_course_is_no_Event() =>
        Assert.That(StatusReport.Of(An.Observation(), Fault with { Severity = Severity.Waiting })!.Event, Is.Null);

    [Test]
    public void A_note_is_cut_by_bytes_and_between_characters() =>
        Assert.That(EventOf(An.Observation(), Fault with { Message = new string('ä', 1000) }).Json.Text("note"), Has.Length.EqualTo(512));

    [Test]
    public void Each_cause_is_told_once()
    {
        var observation = An.Observation();
        var told = observation.WithOcm(StatusReport.Of(observation, Fault)!.StatusPatch.GetRawText());

        Assert.That(StatusReport.Of(told, Fault with { Message = "Mend it soon." })!.Event, Is.Null);
        Assert.That(StatusReport.Of(told, Fault with { Reason = "Other" })!.Event, Is.Not.Null);
        Assert.That(StatusReport.Of(told, Fault with { Phase = Phase.Ready })!.Event, Is.Not.Null);
    }

    [Test]
    public void Two_Events_have_two_names()
    {
        var observation = An.Observation();

        Assert.That(
            EventOf(observation, Fault).Name, Is.Not.EqualTo(EventOf(observation with { Now = An.Now.AddTicks(1) }, Fault).Name));
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
                var told = EventOf(An.Observation().WithOcm($$"""{ "metadata": { "name": "{{name}}" } }"""), Fault);
                return told.Name.Length <= 253 && Subdomain().IsMatch(told.Name) && told.Json.Text("regarding", "name") == name;
            })
        .QuickCheckThrowOnFailure();

    [Test]
    public void A_name_is_not_cut_after_a_separator()
    {
        var names = Enumerable.Range(200, 50).Select(length => $"{new string('a', length)}.b{new string('c', 251 - length)}");

        foreach (var name in names)
        {
            var told = EventOf(An.Observation().WithOcm($$"""{ "metadata": { "name": "{{name}}" } }"""), Fault);
            Assert.That(told.Name, Does.Match(Subdomain().ToString()).And.Length.LessThanOrEqualTo(253));
        }
    }

    private static KubeObject EventOf(Observation observation, Verdict verdict) => StatusReport.Of(observation, verdict)!.Event!;

    [GeneratedRegex(@"[-.]{2,}")]
    private static partial Regex Separators();

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z")]
    private static partial Regex Subdomain();
}
