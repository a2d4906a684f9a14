using System.Diagnostics;
using System.Text;
using NUnit.Framework;

namespace ServiceProviderOcm.Tests.Servers;

/// <summary>The output of a kubectl that runs until it is disposed of.</summary>
internal sealed class KubectlOutput(Process process) : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);

    private readonly StringBuilder _output = new();

    /// <summary>Everything that was read.</summary>
    public string Text => _output.ToString();

    /// <summary>Reads until a line has a text.</summary>
    public async Task ReadUntilAsync(string text)
    {
        using var timeout = new CancellationTokenSource(Timeout, TimeProvider.System);
        try
        {
            while (await process.StandardOutput.ReadLineAsync(timeout.Token) is { } line)
            {
                _output.AppendLine(line);
                if (line.Contains(text, StringComparison.Ordinal))
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"kubectl has not written \"{text}\" within {Timeout}, but:\n{Text}");
        }

        Assert.Fail($"kubectl has ended without \"{text}\":\n{Text}{await process.StandardError.ReadToEndAsync()}");
    }

    public void Dispose()
    {
        process.Kill();
        process.Dispose();
    }
}
