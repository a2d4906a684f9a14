using System.Diagnostics;
using System.Runtime.Versioning;
using NUnit.Framework;
using ServiceProviderOcm.Tests.Support.Files;

namespace ServiceProviderOcm.Tests.Packaging;

/// <summary>Runs scripts with stand-ins for programs. Of the machine's programs, only those that every Unix has are on PATH.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class StubbedShell : IDisposable
{
    // Each call is a line: the working folder and the arguments, divided by a character that neither has.
    private const string Log = "{ printf '%s\\037' \"$PWD\" \"$@\"; echo; } >>\"$0.calls\"\n";
    private const char Divider = '\u001f';

    private static readonly string[] Machine =
    [
        "bash", "sh", "env", "cat", "cp", "cut", "diff", "dirname", "find", "head", "mkdir", "mktemp", "realpath", "rm", "sed", "sha256sum", "sort",
        "tr", "uname", "xargs",
    ];

    private readonly TestFolder _folder = new();

    public StubbedShell()
    {
        Directory.CreateDirectory(_folder["bin"]);
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        foreach (var program in Machine)
        {
            var file = path.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
            if (file is null)
            {
                Assert.Ignore($"There is no {program} on PATH.");
            }

            File.CreateSymbolicLink(_folder[$"bin/{program}"], file);
        }
    }

    public string this[string file] => _folder[file];

    public string Write(string name, string text) => _folder.Write(name, text);

    /// <summary>Puts a stand-in on PATH: a script of <c>sh</c>, whose calls are recorded.</summary>
    public void Add(string program, string body) => _folder.Script($"bin/{program}", Log + body);

    /// <summary>The calls of a stand-in: the folder in which it was called, and the arguments.</summary>
    public IReadOnlyList<(string Folder, string[] Arguments)> Calls(string program)
    {
        var log = _folder[$"bin/{program}.calls"];
        return !File.Exists(log) ? [] : [.. File.ReadAllLines(log).Select(line => line.Split(Divider)).Select(call => (call[0], call[1..^1]))];
    }

    /// <summary>Runs bash in a folder with these variables and no others.</summary>
    public async Task<(int Code, string Output, string Errors)> BashAsync(
        string folder, string[] arguments, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(_folder["bin/bash"], arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = _folder["bin"];
        start.Environment["TMPDIR"] = _folder.Root;
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, errors);
    }

    public void Dispose() => _folder.Dispose();
}
