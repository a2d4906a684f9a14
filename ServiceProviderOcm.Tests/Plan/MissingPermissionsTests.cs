using NUnit.Framework;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Plan;

/// <summary>What a message of Flux says about permissions on a control plane.</summary>
public sealed class MissingPermissionsTests
{
    private const string Forbidden =
        "Helm install failed for release a/b: roles.rbac.authorization.k8s.io is forbidden: User \"system:serviceaccount:x:y\" cannot create "
        + "resource \"roles\" in API group \"rbac.authorization.k8s.io\" in the namespace \"a\"";

    [TestCase(Forbidden, "create roles.rbac.authorization.k8s.io")]
    [TestCase("User \"x\" cannot list resource \"secrets\" in API group \"\" at the cluster scope", "list secrets")]
    [TestCase("User \"x\" cannot patch resource \"crds/status\" in API group \"a.b\"; " + Forbidden, "patch crds/status.a.b, create roles.rbac.authorization.k8s.io")]
    [TestCase(Forbidden + "; " + Forbidden, "create roles.rbac.authorization.k8s.io")]
    [TestCase(
        "clusterroles \"m\" is forbidden: user \"x\" is attempting to grant RBAC permissions not currently held:\n{APIGroups:[\"\"]}",
        "all permissions of the roles in the chart, or bind and escalate on roles and clusterroles")]
    [TestCase("timed out waiting for the condition", "")]
    [TestCase("cannot find the file, cannot", "")]
    [TestCase("cannot read resource \"a\u001b[31m\" in API group \"x\"", "")]
    [TestCase("cannot create resource \"roles", "")]
    public void The_permissions_are_named_once_each(string message, string expected) =>
        Assert.That(MissingPermissions.In(message), Is.EqualTo(expected));

    [Test]
    public void At_most_five_are_named()
    {
        var message = string.Concat(Enumerable.Range(0, 1000).Select(number => $"cannot get resource \"r{number}\" in API group \"\"\n"));

        Assert.That(MissingPermissions.In(message), Is.EqualTo("get r0, get r1, get r2, get r3, get r4, …"));
    }

    [Test]
    public void The_condition_names_them_also_if_they_are_far_behind_in_the_message_of_Flux()
    {
        var complete = An.Observation().Complete();
        var message = $"{new string('x', 2000)} {Forbidden}".Replace("\"", "\\\"", StringComparison.Ordinal);

        var plan = Planner.Plan(complete with { HelmRelease = complete.HelmRelease!.FluxReports("False", message) });

        plan.Reports(
            Reasons.HelmReleaseFailed,
            Phase.Progressing,
            Health.Degraded,
            "Flux lacks permissions on the control plane: create roles.rbac.authorization.k8s.io.",
            "spec.access");
        Assert.That(plan.Status.Message, Has.Length.LessThan(1000));
    }
}
