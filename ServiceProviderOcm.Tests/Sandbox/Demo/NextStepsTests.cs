using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Sandbox.Demo.Running;

namespace ServiceProviderOcm.Tests.Sandbox.Demo;

/// <summary>That the commands work is in <see cref="SandboxProgramTests"/>.</summary>
public sealed class NextStepsTests
{
    [Test]
    public void Paths_with_spaces_are_quoted()
    {
        var commands = Commands(@"C:\Users\Jo Doe\platform.yaml", isPowerShell: true);

        Assert.That(commands, Has.Some.StartsWith(@"kubectl --kubeconfig ""C:\Users\Jo Doe\platform.yaml"" get"));
    }

    [TestCase(true, "$env:POD_NAMESPACE=\"openmcp-system\"; dotnet run")]
    [TestCase(false, "POD_NAMESPACE=openmcp-system dotnet run")]
    public void Environment_variables_have_the_syntax_of_the_shell(bool isPowerShell, string expected) =>
        Assert.That(Commands("platform.yaml", isPowerShell), Has.Some.StartsWith(expected));

    private static IEnumerable<string> Commands(string platform, bool isPowerShell) =>
        new NextSteps(platform, "onboarding.yaml", "mcp.yaml", file => file, isPowerShell)
            .For(new ObjectKey("project-a--ws-dev", "mcp-01"))
            .Select(step => step.Command);
}
