@echo off
rem Fetches qwen2.5:32b and makes the local model qwen2.5-32b-instruct-moe-rtx of it: commander models setup.
setlocal
set "CODE=3"
cd /d "%~dp0.." || goto end

set "TOOL=uv"
where uv >nul 2>nul && goto run
set "TOOL=py -m uv"
py -m uv --version >nul 2>nul && goto run
py -m pip install --user uv && goto run
set "TOOL=python -m uv"
python -m pip install --user uv && goto run
echo setup: uv is not there, and pip cannot install it; next: install Python from https://www.python.org/downloads/ and start this again
goto end

:run
%TOOL% run python -m commander models setup qwen2.5-32b-instruct-moe-rtx %*
set "CODE=%ERRORLEVEL%"

:end
if not "%CODE%"=="0" pause
exit /b %CODE%
